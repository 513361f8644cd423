"""The event log that keeps its files open is Dagster's own in all that it stores, and holds few files."""

import os
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from dagster_project import event_log, night
from dagster_project.settings import Settings


@dg.asset(check_specs=[dg.AssetCheckSpec("has_rows", asset="counted")])
def counted():
    yield dg.MaterializeResult(metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=True)])


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(event_log, "KEPT_OPEN", 2)
    monkeypatch.setenv("DAGSTER_HOME", "")
    return Settings(home=tmp_path).paths


def open_files(folder: Path) -> list[str]:
    held = [os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
    return [file for file in held if Path(file).parent == folder and file.endswith(".db")]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not show which files a process holds")
def test_dagster_reads_what_was_written_and_few_files_stay_open(home):
    with night.dagster_instance(home) as instance:
        assert isinstance(instance.event_log_storage, event_log.OpenEventLog)
        for _ in range(event_log.KEPT_OPEN + 2):
            assert dg.materialize([counted], instance=instance).success
        runs = instance.get_run_ids()
        folder = Path(instance.event_log_storage._base_dir)
        held = open_files(folder)
        assert 0 < len(set(held)) <= event_log.KEPT_OPEN
    assert not open_files(folder)

    plain = SqliteEventLogStorage(str(folder))
    assert len(runs) == event_log.KEPT_OPEN + 2
    for run in runs:
        kinds = [
            record.dagster_event.event_type_value for record in plain.get_logs_for_run(run) if record.dagster_event
        ]
        assert "ASSET_MATERIALIZATION" in kinds
        assert kinds[-1] == "PIPELINE_SUCCESS"
    newest = plain.get_latest_materialization_events([dg.AssetKey("counted")])[dg.AssetKey("counted")]
    assert newest.run_id == runs[0]
