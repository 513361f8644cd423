"""The page of faults is true: every fault stands on it with tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = [
    line.split("|") for line in (ROOT / "docs" / "faults.md").read_text().splitlines() if re.match(r"\| \d+ \|", line)
]


def test_every_fault_of_files_and_those_of_runs_and_people_at_the_border_are_there():
    assert [int(row[1]) for row in ROWS] == [*range(1, 39), 43, 45, 46, 49, *range(56, 62)]


@pytest.mark.parametrize("row", ROWS, ids=[row[1].strip() for row in ROWS])
def test_the_tests_of_a_fault_exist(row):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[4])
    assert named
    for file, test in named:
        assert re.search(rf"^def {test}\(", (ROOT / file).read_text(), re.M), f"{file} has no {test}"
