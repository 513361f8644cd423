"""`fieldscope prune --keep`: old versions go with what was quarantined of them, never one that is in use or in a kept release."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dagster_project.cli import app
from dagster_project.prune import prune
from dagster_project.refresh import refresh_lock
from dagster_project.settings import Home
from tests.ingest.conftest import SERVICES_FILE, Border, services

FIRST = date(2026, 6, 1)
OTHER_FILE = SERVICES_FILE.replace("D22", "D21")


@pytest.fixture
def border(tmp_path) -> Border:
    return Border(tmp_path)


@pytest.fixture
def home(border, tmp_path) -> Home:
    """Four nights: one file is overwritten three times and has a bad row each time, the other never changes."""
    border.put(OTHER_FILE, services(50))
    for night in range(4):
        border.put(SERVICES_FILE, services(40 + night, rndrng_npi="1234567890"))
        border.take("claims", as_of=FIRST + timedelta(days=night))
    home = Home(tmp_path)
    home.prepare()
    return home


def versions(home: Home, floor: str = "versions") -> set[Path]:
    return set(home.lake.glob(f"{floor}/claims/provider_service/*"))


def rows(border: Border, night: int) -> int:
    return border.take("claims", as_of=FIRST + timedelta(days=night)).rows["provider_service"]


def test_the_newest_versions_of_each_file_stay(home, border):
    assert (len(versions(home)), len(versions(home, "quarantine"))) == (5, 4)
    before = sum(path.stat().st_size for floor in ("versions", "quarantine") for path in versions(home, floor))
    (pruned,) = prune(home, keep=2)
    assert (len(versions(home)), len(versions(home, "quarantine"))) == (3, 2)
    after = sum(path.stat().st_size for floor in ("versions", "quarantine") for path in versions(home, floor))
    assert (pruned.versions, pruned.freed, pruned.nights) == (2, before - after, ["2026-06-01", "2026-06-02"])
    assert rows(border, 2) == 50 + 41
    assert rows(border, 3) == 50 + 42
    assert prune(home, keep=2) == []


def test_a_night_whose_versions_went_is_given_from_todays_files(home, border):
    prune(home, keep=1)
    assert rows(border, 0) == 50 + 42
    assert border.take("claims", as_of=FIRST).replayed is None
    assert rows(border, 3) == 50 + 42


def test_one_version_of_each_file_stays_however_old_it_is(home, border):
    prune(home, keep=1)
    assert len(versions(home)) == 2
    assert border.take("claims", as_of=FIRST + timedelta(days=9)).read == []


def test_a_dry_run_says_the_same_and_removes_nothing(home, border):
    lake = {path: path.stat().st_mtime_ns for path in home.lake.rglob("*")}
    promised = prune(home, keep=2, is_dry_run=True)
    assert {path: path.stat().st_mtime_ns for path in home.lake.rglob("*")} == lake
    assert prune(home, keep=2) == promised


def test_what_a_kept_release_was_made_from_stays(home):
    first = json.loads((home.lake / "catalog" / "nights" / "claims" / "2026-06-01.json").read_text())
    contents = {record["file"]: record["content_hash"] for record in first["files"]}
    (home.releases / "20260601-1").mkdir(parents=True)
    (home.releases / "20260601-1" / "manifest.json").write_text(json.dumps({"versions": {"claims": contents}}))
    (pruned,) = prune(home, keep=1)
    assert pruned.nights == ["2026-06-02", "2026-06-03"]
    assert len(versions(home)) == 3


def test_a_file_that_is_gone_counts_as_its_newest_version(home, border):
    (border.landing / SERVICES_FILE).unlink()
    border.take("claims", as_of=FIRST + timedelta(days=4))
    prune(home, keep=2)
    assert len(versions(home)) == 2
    prune(home, keep=1)
    assert len(versions(home)) == 1
    assert rows(border, 4) == 50


def test_what_a_killed_run_left_goes(home):
    left = home.lake / "versions" / "claims" / "provider_service" / "tmp_0123456789abcdef-01234567.parquet"
    left.write_bytes(b"PAR1")
    (pruned,) = prune(home, keep=9)
    assert (pruned.versions, pruned.freed) == (1, 4)
    assert not left.exists()


def test_the_command_says_how_many_bytes_came_free(home, border, monkeypatch):
    monkeypatch.setenv("FIELDSCOPE_LANDING", str(border.landing))
    command = ["prune", "--home", str(home.root), "--keep", "1"]
    said = CliRunner().invoke(app, [*command, "--dry-run"]).output
    assert "claims: 3 versions" in said
    assert CliRunner().invoke(app, command).output == said.replace("Would free", "Freed")
    assert CliRunner().invoke(app, command).output == "Freed 0 bytes.\n"
    assert CliRunner().invoke(app, [*command[:-1], "0"]).exit_code == 2


def test_nothing_is_pruned_under_a_running_refresh(home, border, monkeypatch):
    monkeypatch.setenv("FIELDSCOPE_LANDING", str(border.landing))
    with refresh_lock(home.lock, FIRST):
        result = CliRunner().invoke(app, ["prune", "--home", str(home.root), "--keep", "1"])
    assert result.exit_code == 1
    assert "already running" in result.output
    assert len(versions(home)) == 5
