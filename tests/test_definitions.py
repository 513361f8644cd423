"""The asset graph as the Dagster page shows it: complete, floor by floor, every dbt test a check, the night on its schedule."""

from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from dagster_project import definitions, warehouse
from dagster_project.assets.floors import FLOORS
from dagster_project.definitions import defs, every_night
from dagster_project.ingest.contents import SOURCES
from dagster_project.refresh import AS_OF_TAG

MANIFEST = warehouse.manifest()


@pytest.fixture(scope="module")
def graph():
    return defs.resolve_asset_graph()


def test_every_raw_table_model_and_mart_is_an_asset(graph):
    raw = {("raw", source.name, table) for source in SOURCES for table, _ in source.tables}
    models = {(node["fqn"][1], node["name"]) for node in MANIFEST["nodes"].values() if node["resource_type"] == "model"}
    assert raw | models <= {tuple(key.path) for key in graph.materializable_asset_keys}


def test_what_dbt_reads_is_what_ingest_and_models_write(graph):
    external = {key.to_user_string() for key in graph.external_asset_keys}
    assert external == set(), "dbt reads sources that no asset writes"


def test_groups_are_floors_and_no_arrow_points_back(graph):
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.group_name == key.path[0]
        for parent in node.parent_keys:
            assert FLOORS.index(parent.path[0]) <= FLOORS.index(key.path[0]), f"{key} reads {parent}"


def test_every_raw_table_has_the_check_of_its_contract(graph):
    tables = {("raw", source.name, table) for source in SOURCES for table, _ in source.tables}
    checked = {tuple(key.asset_key.path) for key in graph.asset_check_keys if key.name == "contract"}
    assert checked == tables


def test_every_dbt_test_is_an_asset_check(graph):
    tests = [node for node in MANIFEST["nodes"].values() if node["resource_type"] == "test"]
    assert tests
    built_by_dbt = {"staging", "intermediate", "features", "marts"}
    assert len([key for key in graph.asset_check_keys if key.asset_key.path[0] in built_by_dbt]) == len(tests)


def test_every_asset_has_an_owner_and_says_what_it_is(graph):
    bare = [
        key.to_user_string()
        for key in graph.materializable_asset_keys
        if not graph.get(key).owners or not graph.get(key).description
    ]
    assert bare == []


def test_the_night_runs_everything_once_a_day_in_the_companys_time_zone(graph):
    job = defs.resolve_job_def("nightly")
    assert job.executor_def is dg.in_process_executor
    assert job.asset_layer.executable_asset_keys == set(graph.materializable_asset_keys)
    schedule = defs.resolve_schedule_def("every_night")
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.execution_timezone


def tick() -> dg.RunRequest | dg.SkipReason:
    moment = datetime(2026, 7, 1, 2, 0, tzinfo=ZoneInfo(definitions.TIME_ZONE))
    return every_night(dg.build_schedule_context(scheduled_execution_time=moment))


def test_a_night_without_a_landing_zone_is_skipped_and_says_why(monkeypatch, tmp_path):
    monkeypatch.setenv("FIELDSCOPE_LANDING", str(tmp_path))
    skipped = tick()
    assert isinstance(skipped, dg.SkipReason)
    assert "company.yml is missing" in skipped.skip_message


def test_a_night_speaks_of_its_own_day_and_runs_once(monkeypatch):
    monkeypatch.setattr(definitions, "check_landing", lambda landing: [])
    request = tick()
    assert request.run_key == "2026-07-01"
    assert request.tags[AS_OF_TAG] == "2026-07-01"


def test_a_day_that_is_given_has_no_night(monkeypatch):
    monkeypatch.setattr(definitions, "check_landing", lambda landing: [])
    monkeypatch.setenv("FIELDSCOPE_AS_OF", "2026-03-31")
    assert "no night is due" in tick().skip_message


def test_new_files_are_watched_for_from_the_start():
    sensor = defs.resolve_sensor_def("landing_zone")
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert {target.job_name for target in sensor.targets} == {"nightly", "arrivals"}
    assert defs.resolve_job_def("arrivals").executor_def is dg.in_process_executor


def test_what_a_night_reads_and_publishes_is_new_every_morning(graph):
    watched = {key for key in graph.materializable_asset_keys if graph.get(key).freshness_policy}
    assert watched == {dg.AssetKey(["published", "current"])} | {
        dg.AssetKey(["raw", source.name, table]) for source in SOURCES for table, _ in source.tables
    }
