"""A reader in another process never sees an error or half a refresh; leftovers are swept; old releases stay for a time."""

import json
import multiprocessing
import os
import stat
import time
from pathlib import Path

import duckdb
import pytest

from dagster_project.publish import release
from dagster_project.settings import Home


def build(home: Home, refresh_id: str, number: int) -> Path:
    folder = release.begin(home, refresh_id)
    with duckdb.connect(str(folder / "fieldscope.duckdb")) as connection:
        for table in ("first", "second"):
            connection.execute(f"create table {table} as select {number} as number from range(1000)")
    release.finish(folder, {"refresh_id": refresh_id, "as_of": "2026-06-30"})
    return folder


def publish(home: Home, number: int, keep: int = 3) -> Path:
    refresh_id = f"20260630-{number:06d}"
    return release.publish(home, build(home, refresh_id, number), refresh_id, keep)


@pytest.fixture
def home(tmp_path) -> Home:
    home = Home(tmp_path)
    home.prepare()
    return home


def read_until(stop, current: Path, seen) -> None:
    """Open the current release again and again as a BI tool does, and note what it saw."""
    reads, faults = 0, []
    while not stop.is_set():
        try:
            with duckdb.connect(str(current / "fieldscope.duckdb"), read_only=True) as connection:
                numbers = connection.execute(
                    "select distinct number from first union select distinct number from second"
                ).fetchall()
            if len(numbers) != 1:
                faults.append(f"mixed releases {numbers}")
        except Exception as error:
            faults.append(repr(error))
        reads += 1
    seen.put((reads, faults))


def test_a_looping_reader_sees_whole_releases_only(home):
    publish(home, 0)
    context = multiprocessing.get_context("spawn")
    stop, seen = context.Event(), context.Queue()
    reader = context.Process(target=read_until, args=(stop, home.current, seen))
    reader.start()
    for number in range(1, 25):
        publish(home, number)
        time.sleep(0.05)
    stop.set()
    reads, faults = seen.get(timeout=30)
    reader.join(timeout=30)
    assert reads > 20
    assert faults == []


def test_files_are_read_only_and_listed_with_their_hash(home):
    done = publish(home, 1)
    facts = json.loads((done / "manifest.json").read_text())
    assert set(facts["sha256"]) == {"fieldscope.duckdb"}
    for path in done.rglob("*"):
        if path.is_file():
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o444


def test_a_killed_build_is_invisible_and_swept_by_the_next(home):
    publish(home, 1)
    leftover = build(home, "20260630-killed", 2)
    with duckdb.connect(str(home.current.resolve() / "fieldscope.duckdb"), read_only=True) as connection:
        assert connection.execute("select distinct number from first").fetchall() == [(1,)]
    publish(home, 3)
    assert not leftover.exists()


def test_a_reader_keeps_its_old_release_for_a_time(home):
    first = publish(home, 1)
    with duckdb.connect(str(first / "fieldscope.duckdb"), read_only=True) as connection:
        publish(home, 2)
        publish(home, 3)
        assert connection.execute("select distinct number from second").fetchall() == [(1,)]
    assert first.exists()
    publish(home, 4)
    assert not first.exists()
    assert home.current.resolve().name.endswith("000004")
