"""The command line by its exit codes and its words."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from dagster_project.cli import app


def cli(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_help_names_the_commands_and_where_to_start():
    text = cli("--help").output
    for word in ("run", "sample", "show", "doctor", "fieldscope sample", "fieldscope run"):
        assert word in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--as-of", "30/06/2026"),
        ("run", "--as-off", "2026-06-30"),
        ("show", "everything"),
        ("sample", "--scale", "huge"),
        ("fly",),
    ],
)
def test_wrong_usage_ends_with_two(arguments):
    result = cli(*arguments)
    assert result.exit_code == 2


def test_a_day_in_another_form_is_answered_with_the_right_one():
    assert "YYYY-MM-DD" in cli("run", "--as-of", "30/06/2026").output


def test_show_before_the_first_night_says_what_to_do(tmp_path):
    result = cli("show", "targets", "--home", str(tmp_path))
    assert result.exit_code == 1
    assert "fieldscope run" in result.output


def test_doctor_names_what_is_missing(tmp_path):
    result = cli("doctor", "--home", str(tmp_path / "home"), "--landing", str(tmp_path / "landing"))
    assert result.exit_code == 1
    assert "company" in result.output
    assert "nothing is published yet" in result.output


def test_sample_never_overwrites_a_landing_zone(tmp_path):
    (tmp_path / "mine.csv").write_text("npi\n")
    result = cli("sample", "--landing", str(tmp_path))
    assert result.exit_code == 2
    assert "not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_reading_commands_start_without_the_orchestrator(tmp_path):
    code = f"""
import sys
from typer.testing import CliRunner
from dagster_project.cli import app
CliRunner().invoke(app, ["show", "targets", "--home", {str(tmp_path)!r}])
sys.exit(any(name == "dagster" or name.startswith("dbt") for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
