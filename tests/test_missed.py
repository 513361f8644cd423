"""A missed night is noticed: the doctor says so and what to do, the asset check of the morning too; a sample misses none."""

import json
from datetime import UTC, date, datetime

import dagster as dg
import pytest
import time_machine

from dagster_project.assets.published import last_night_is_published
from dagster_project.definitions import defs
from dagster_project.doctor import examine
from dagster_project.missed import last_night
from dagster_project.refresh import refresh_lock
from dagster_project.settings import Settings

MORNING = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """A home in whose publication, and in its history, stands one refresh; the clock says the morning after."""
    monkeypatch.setenv("FIELDSCOPE_HOME", str(tmp_path))
    home = Settings().paths
    home.prepare()

    def publish(as_of: date, started: datetime, status: str = "published") -> None:
        name = f"{as_of:%Y%m%d}-{started:%H%M}"
        release = home.releases / name
        release.mkdir()
        facts = {"refresh_id": name, "as_of": as_of.isoformat(), "missing_sources": [], "rows": {}}
        (release / "manifest.json").write_text(json.dumps(facts))
        if status == "published":
            home.current.unlink(missing_ok=True)
            home.current.symlink_to(release)
        record = {"refresh_id": name, "started_at": started.replace(tzinfo=None).isoformat(), "status": status}
        (home.history / "refreshes").mkdir(exist_ok=True)
        (home.history / "refreshes" / f"{name}.json").write_text(json.dumps(record))

    with time_machine.travel(MORNING, tick=False):
        yield publish


def finding():
    return next(found for found in examine(Settings()) if found.subject == "night")


def test_a_published_night_is_well(publish):
    publish(date(2026, 7, 2), datetime(2026, 7, 2, 2, 0, tzinfo=UTC))
    assert finding().well
    assert "02 July 2026, is published" in finding().message
    assert last_night_is_published().passed


def test_a_missed_night_is_said_with_what_to_do(publish):
    publish(date(2026, 7, 1), datetime(2026, 7, 1, 2, 0, tzinfo=UTC))
    assert not finding().well
    for words in ("night of 02 July 2026 was missed", "as of 01 July 2026", "fieldscope run", "catches up by itself"):
        assert words in finding().message
    check = last_night_is_published()
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert "was missed" in check.description


def test_a_night_that_failed_says_why(publish):
    publish(date(2026, 7, 1), datetime(2026, 7, 1, 2, 0, tzinfo=UTC))
    publish(date(2026, 7, 2), datetime(2026, 7, 2, 2, 0, tzinfo=UTC), status="failed at core: dbt: 1 failed")
    assert "the last refresh failed at core" in finding().message


def test_a_night_that_is_running_is_not_missed(publish):
    publish(date(2026, 7, 1), datetime(2026, 7, 1, 2, 0, tzinfo=UTC))
    with refresh_lock(Settings().paths.lock, date(2026, 7, 2)):
        assert finding().well


def test_before_two_the_night_before_is_the_last_one(publish):
    publish(date(2026, 7, 1), datetime(2026, 7, 1, 2, 0, tzinfo=UTC))
    assert not last_night(Settings(), datetime(2026, 7, 2, 1, 59, tzinfo=UTC)).is_missed
    assert last_night(Settings(), datetime(2026, 7, 2, 2, 0, tzinfo=UTC)).is_missed


def test_a_sample_or_a_replay_misses_no_night(publish, monkeypatch):
    publish(date(2026, 3, 31), datetime(2026, 6, 1, 12, 0, tzinfo=UTC))
    assert finding().well
    assert "given on purpose" in finding().message
    monkeypatch.setenv("FIELDSCOPE_AS_OF", "2026-03-31")
    assert finding().well


def test_the_check_is_looked_at_every_morning_and_needs_no_refresh(publish):
    publish(date(2026, 7, 1), datetime(2026, 7, 1, 2, 0, tzinfo=UTC))
    schedule = defs.resolve_schedule_def("every_morning")
    assert (schedule.cron_schedule, schedule.default_status) == ("0 6 * * *", dg.DefaultScheduleStatus.RUNNING)
    with refresh_lock(Settings().paths.lock, date(2026, 7, 2)):
        result = defs.resolve_job_def(schedule.job_name).execute_in_process()
    assert [found.passed for found in result.get_asset_check_evaluations()] == [False]
