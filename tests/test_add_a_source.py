"""The page on adding a source is true: what it names is there, and the source of its example is one module, one line, one folder."""

import re
from pathlib import Path

import pytest

from dagster_project.ingest.contents import SOURCES
from dagster_project.warehouse import manifest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "add-a-source.md").read_text()
FILES = sorted(set(re.findall(r"\b((?:dagster_project|dbt|tests|data/sample_world)/[\w/]+\.(?:py|sql|yml))", PAGE)))
LINES = re.findall(r"\| \d \| `([^`]+)` \| [^|]*: `([^`]+)` \|", PAGE)


@pytest.mark.parametrize("file", FILES)
def test_every_file_that_the_page_names_is_there(file):
    assert (ROOT / file).is_file()


def test_the_lines_that_the_page_quotes_stand_in_their_files():
    assert len(LINES) == 2
    for file, line in LINES:
        assert line in [written.strip() for written in (ROOT / file).read_text().splitlines()], f"{file}: {line}"


def test_nothing_else_on_the_border_knows_the_source_of_the_example():
    knowing = {
        file.name
        for file in (ROOT / "dagster_project").rglob("*.py")
        if re.search(r"\binpatient\b", file.read_text(), re.IGNORECASE) and file.parent.name != "fetch"
    }
    assert knowing == {"inpatient.py", "contents.py"}


def test_every_raw_table_has_one_staging_model_and_no_other_model_reads_it():
    """So a source is one module, one line and one folder, whichever it is."""
    readers: dict[str, list[str]] = {}
    for node in manifest()["nodes"].values():
        for parent in node["depends_on"]["nodes"] if node["resource_type"] == "model" else ():
            if parent.startswith("source.") and ".ml." not in parent:
                readers.setdefault(parent.split(".", 2)[2], []).append(node["name"])
    tables = {f"{source.name}.{contract.table}" for source in SOURCES for contract in source.contracts}
    # Who approved a drifted file is the border's own to read.
    assert tables - set(readers) == {"company.overrides"}
    assert {table: names for table, names in readers.items() if table in tables and len(names) != 1} == {}
