"""What a night promises its users: published once, repeated without work, replayed without later knowledge."""

import json
import os

import pytest

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


def test_a_second_night_reads_nothing_and_gives_the_same_marts(first_night, world, fieldscope):
    before = (first_night.home / "published" / "current").resolve()
    versions = {path: path.stat().st_mtime_ns for path in (first_night.home / "lake" / "versions").rglob("*.parquet")}
    again = fieldscope(world.landing, first_night.home, world.as_of)
    assert again.code == 0, again.text
    after = (again.home / "published" / "current").resolve()
    assert after != before
    assert {path: path.stat().st_mtime_ns for path in (again.home / "lake" / "versions").rglob("*.parquet")} == versions
    assert differing_marts(before, after) == {}
    for path in sorted((before / "parquet").glob("*.parquet")):
        if path.stem != "refresh_log":
            assert path.read_bytes() == (after / "parquet" / path.name).read_bytes(), (
                f"{path.stem} is not the same to the byte"
            )


def test_the_run_stands_in_dagsters_storage(first_night):
    import dagster as dg

    os.environ["DAGSTER_HOME"] = str(first_night.home / "dagster")
    with dg.DagsterInstance.get() as instance:
        runs = instance.get_runs()
        assert runs
        assert {run.job_name for run in runs} == {"nightly"}
        assert all(run.status == dg.DagsterRunStatus.SUCCESS for run in runs)
        assert instance.get_latest_materialization_event(dg.AssetKey(["marts", "target_list"])) is not None


@pytest.mark.parametrize("mart", ["target_list", "providers", "calls"])
def test_no_patient_leaves_the_lake(first_night, mart):
    names = {
        row[0] for row in first_night.query(f"select column_name from duckdb_columns() where table_name = '{mart}'")
    }
    assert not names & {"person_id", "person_key", "patient_id"}
