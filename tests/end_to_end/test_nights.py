"""What a night promises its users: published once, repeated without work, replayed without later knowledge."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from dagster_project.cli import app
from dagster_project.refresh import refresh_lock
from tests.end_to_end.conftest import differing_marts


def test_the_first_night_publishes(first_night, world):
    assert first_night.code == 0, first_night.text
    facts = json.loads((first_night.home / "published" / "current" / "manifest.json").read_text())
    assert facts["as_of"] == world.as_of.isoformat()
    assert facts["missing_sources"] == []
    for mart in (
        "providers",
        "provider_procedures",
        "calls",
        "orders",
        "target_scores",
        "target_list",
        "forecasts",
        "blind_spots",
    ):
        assert facts["rows"][mart] > 0, mart


def test_the_summary_speaks_to_a_sales_manager(first_night):
    for phrase in (
        "providers",
        "Call first in",
        "What the field does not see",
        "The quarters",
        "P50",
        "quota",
        "Results:",
    ):
        assert phrase in first_night.text


def test_whoever_is_on_the_list_and_whoever_is_kept_off_it_is_explained(first_night):
    with duckdb.connect(str(first_night.home / "published/current/fieldscope.duckdb"), read_only=True) as connection:
        listed, why = connection.execute("select npi, why from target_list order by rank, npi limit 1").fetchone()
        withheld = connection.execute(
            "select npi, rule from withheld_targets where rule <> 'holdout' order by npi limit 1"
        ).fetchone()
    told = CliRunner().invoke(app, ["explain", listed, "--home", str(first_night.home)])
    assert told.exit_code == 0
    assert " ".join(why.split()) in " ".join(told.output.split())
    kept_off = CliRunner().invoke(app, ["explain", withheld[0], "--home", str(first_night.home)])
    assert f"Kept off by {withheld[1]}" in kept_off.output


def read_until(stop, current: Path, seen) -> None:
    """Query the current release again and again, as a BI tool does while the next refresh runs."""
    reads, faults, releases = 0, [], set()
    while not stop.is_set():
        try:
            with duckdb.connect(str(current / "fieldscope.duckdb"), read_only=True) as connection:
                listed, scored = connection.execute(
                    "select (select count(*) from target_list), (select count(*) from target_scores)"
                ).fetchone()
                releases.add(connection.execute("select max(refresh_id) from refresh_log").fetchone()[0])
            if not 0 < listed <= scored:
                faults.append(f"{listed} listed of {scored} scored")
        except Exception as error:
            faults.append(repr(error))
        reads += 1
        time.sleep(0.05)
    seen.put((reads, faults, len(releases)))


@pytest.fixture(scope="module")
def second_night(first_night, world, fieldscope):
    """The same night once more, under a reader of another process; the release before, what it read, the files of the lake."""
    current = first_night.home / "published" / "current"
    before = current.resolve()
    versions = {path: path.stat().st_mtime_ns for path in (first_night.home / "lake" / "versions").rglob("*.parquet")}
    context = multiprocessing.get_context("spawn")
    stop, seen = context.Event(), context.Queue()
    reader = context.Process(target=read_until, args=(stop, current, seen))
    reader.start()
    again = fieldscope(world.landing, first_night.home, world.as_of)
    time.sleep(1)
    stop.set()
    found = seen.get(timeout=60)
    reader.join(timeout=60)
    return before, again, found, versions


def test_a_second_night_reads_nothing_and_gives_the_same_marts_to_the_byte(second_night):
    before, again, _, versions = second_night
    assert again.code == 0, again.text
    after = (again.home / "published" / "current").resolve()
    assert after != before
    assert {path: path.stat().st_mtime_ns for path in (again.home / "lake" / "versions").rglob("*.parquet")} == versions
    for path in sorted((before / "parquet").glob("*.parquet")):
        if path.stem != "refresh_log":
            assert path.read_bytes() == (after / "parquet" / path.name).read_bytes(), f"{path.stem} is not the same"
    for path in sorted(path for path in (before / "crm_writeback").rglob("*") if path.is_file()):
        assert path.read_bytes() == (after / path.relative_to(before)).read_bytes(), f"{path.name} is not the same"


def test_a_reader_never_sees_an_error_while_the_night_runs(second_night):
    _, _, (reads, faults, releases), _ = second_night
    assert faults == []
    assert reads > 50
    assert releases == 2


def test_a_night_killed_half_way_is_made_good_by_the_next(
    first_night, second_night, world, fieldscope, tmp_path, monkeypatch
):
    # `make test` takes one thread a worker: the same marts must come of two.
    monkeypatch.setenv("FIELDSCOPE_THREADS", "2")
    arguments = ["run", "--landing", str(world.landing), "--home", str(tmp_path), "--as-of", world.as_of.isoformat()]
    command = [sys.executable, "-c", "from dagster_project.cli import app; app()", *arguments]
    night = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 300
    while not (tmp_path / "lake" / "features" / "features_deals.parquet").exists():
        assert night.poll() is None, "the night ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.killpg(night.pid, signal.SIGKILL)
    night.wait()
    assert not (tmp_path / "published" / "current").exists()

    recovered = fieldscope(world.landing, tmp_path, world.as_of)
    assert recovered.code == 0, recovered.text
    whole = (first_night.home / "published" / "current").resolve()
    assert differing_marts(whole, (tmp_path / "published" / "current").resolve()) == {}
    assert not list((tmp_path / "published").rglob(".building-*"))


def test_a_second_refresh_at_the_same_time_ends_at_once_and_names_the_first(first_night, world, fieldscope):
    with refresh_lock(first_night.home / "refresh.lock", world.as_of):
        night = fieldscope(world.landing, first_night.home, world.as_of)
    assert night.code == 1
    assert "already running" in night.text
    assert str(os.getpid()) in night.text


def test_the_run_stands_in_dagsters_storage(first_night):
    import dagster as dg

    os.environ["DAGSTER_HOME"] = str(first_night.home / "dagster")
    with dg.DagsterInstance.get() as instance:
        runs = instance.get_runs()
        assert {run.job_name for run in runs} == {"nightly"}
        assert runs[-1].status == dg.DagsterRunStatus.SUCCESS
        assert instance.get_latest_materialization_event(dg.AssetKey(["marts", "target_list"])) is not None


@pytest.mark.parametrize("mart", ["target_list", "providers", "calls"])
def test_no_patient_leaves_the_lake(first_night, mart):
    names = {
        row[0] for row in first_night.query(f"select column_name from duckdb_columns() where table_name = '{mart}'")
    }
    assert not names & {"person_id", "person_key", "patient_id"}
