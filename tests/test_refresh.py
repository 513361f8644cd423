"""Two refreshes at once: the second ends at once and names the first; a lock left by a killed process frees itself."""

import fcntl
import json
import multiprocessing
import os
import signal
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dagster_project import lock
from dagster_project.built import Built, last_built, remember_built, remember_published
from dagster_project.ingest.catalog import Catalog
from dagster_project.ingest.contents import SOURCES
from dagster_project.lock import RefreshRunning, refresh_lock, running_refresh
from dagster_project.refresh import Identity, Refresh
from dagster_project.settings import Home

DAY = date(2026, 6, 30)


def hold(path: Path, held) -> None:
    with refresh_lock(path, DAY):
        held.set()
        time.sleep(60)


@pytest.fixture
def holder(tmp_path):
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    process = context.Process(target=hold, args=(tmp_path / "refresh.lock", held))
    process.start()
    assert held.wait(30)
    yield process
    process.kill()
    process.join()


def test_the_second_refresh_ends_at_once_and_names_the_first(holder, tmp_path):
    with pytest.raises(RefreshRunning, match=f'"process": {holder.pid}'), refresh_lock(tmp_path / "refresh.lock", DAY):
        pass


def test_a_killed_refresh_leaves_no_lock(holder, tmp_path):
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with refresh_lock(tmp_path / "refresh.lock", DAY):
        assert json.loads((tmp_path / "refresh.lock").read_text())["process"] == os.getpid()


def test_a_run_that_nobody_waits_for_takes_its_turn(holder, tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "TURN_SECONDS", 0.05)
    threading.Timer(0.5, holder.kill).start()
    with refresh_lock(tmp_path / "refresh.lock", DAY, waits=True):
        assert not holder.is_alive()


def test_who_only_asks_for_the_running_refresh_stops_none(holder, tmp_path):
    path = tmp_path / "refresh.lock"
    assert f'"process": {holder.pid}' in running_refresh(path)
    holder.kill()
    holder.join()
    assert running_refresh(path) is None
    with open(path) as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        threading.Timer(0.02, asking.close).start()
        with refresh_lock(path, DAY):
            pass


def published(home, as_of: date, code: str = "1", is_of_its_time: bool = True) -> Built:
    home.prepare()
    home.warehouse.touch()
    built = Built(
        "earlier", as_of, datetime(2026, 6, 30, 6, tzinfo=UTC), code, {"claims": "seen"}, is_of_its_time, True
    )
    remember_built(home, built)
    return built


@pytest.mark.parametrize("change", [{"as_of": date(2026, 6, 29)}, {"code": "2"}, {"published": False}])
def test_a_part_is_built_only_upon_what_was_published_for_the_day_by_this_code(tmp_path, change):
    built = published(Home(tmp_path), DAY)
    assert built.carries(DAY, "1")
    assert not replace(built, **change).carries(DAY, "1")


def test_what_was_built_is_remembered_and_a_refresh_that_was_not_published_carries_nothing(tmp_path):
    home = Home(tmp_path)
    assert last_built(home) is None
    built = published(home, DAY)
    assert last_built(home) == built
    remember_built(home, replace(built, refresh_id="killed", published=False))
    assert not last_built(home).published
    remember_published(home, "another")
    assert not last_built(home).published
    remember_published(home, "killed")
    assert last_built(home).published
    home.warehouse.unlink()
    assert last_built(home) is None, "the warehouse is gone"


def test_a_replay_reads_no_new_file_so_what_arrived_stays_wanted(tmp_path, monkeypatch):
    monkeypatch.setenv("FIELDSCOPE_HOME", str(tmp_path))
    home = Home(tmp_path)
    built = replace(published(home, DAY), looks={"claims": "night", "salesforce": "night"})
    recorded = Catalog.of(home.lake, "claims")
    recorded.as_of = DAY.isoformat()
    recorded.save()
    refresh, day = Refresh(), date(2026, 3, 31)
    everything = tuple(source.name for source in SOURCES)
    refresh._identity = Identity("replay", day, datetime(2026, 6, 30, 12), "1", everything)
    refresh._begin(built, "1", unattended=False, publishes=True)
    after = last_built(home)
    assert not after.is_of_its_time
    assert after.looks["claims"] == "night", "the replay went by what the night had in use"
    assert after.looks["salesforce"] != "night", "this one was read from the landing zone"
