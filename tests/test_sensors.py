"""The sensor at work on a small landing zone: one run for each set of new files, none lost behind a lock or a failure, none doubled."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import dagster as dg
import pytest
import time_machine

from dagster_project.assets.floors import FLOORS
from dagster_project.built import Built, remember_built
from dagster_project.definitions import defs
from dagster_project.refresh import AS_OF_TAG, code_version, full_code, refresh_lock
from dagster_project.sensors import ATTEMPTS, LOOK_SECONDS
from dagster_project.settings import Settings
from dagster_project.wanted import PAUSE, SCHEDULES_TURN
from dagster_project.watch import look

TODAY = date(2026, 7, 1)
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
COMPANY = ("procedure_families.csv", "pipeline_stages.csv", "territory_alignment.csv")


class Watch:
    """A home whose night was published, its landing zone, and the sensor looking at it again and again."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance, clock):
        self.landing, self.instance, self.clock, self.cursor = folder / "landing", instance, clock, None
        self.home = Settings().paths
        self.deliver("company/company.yml", "name: Acme\ntimezone: UTC\n")
        for name in COMPANY:
            self.deliver(f"company/{name}", "some\n")
        self.deliver("crm/salesforce/Task.csv", "Id\n1\n")
        self.deliver("claims/medical_claim.csv", "claim_id\n1\n")
        self.home.prepare()
        self.home.warehouse.touch()
        self.published()

    def deliver(self, name: str, text: str) -> None:
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def published(self, as_of: date = TODAY) -> None:
        started = datetime.now(UTC)
        remember_built(
            self.home, Built("r", as_of, started, full_code(code_version()), look(self.landing), True, published=True)
        )

    def tick(self) -> dg.RunRequest | str:
        """One look, ten seconds after the last one."""
        self.clock.shift(LOOK_SECONDS)
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor, definitions=defs)
        result = defs.resolve_sensor_def("landing_zone")(context)
        self.cursor = result.cursor or self.cursor
        return result.run_requests[0] if result.run_requests else result.skip_reason.skip_message

    def launched(self, request: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
        """What the daemon does with a request."""
        run = dg.DagsterRun(request.job_name, str(uuid4()), tags=request.tags, status=status)
        self.instance.run_storage.add_historical_run(run, datetime.now(UTC))


@pytest.fixture
def watch(tmp_path, monkeypatch):
    monkeypatch.setenv("FIELDSCOPE_HOME", str(tmp_path))
    with time_machine.travel(NOON, tick=False) as clock, dg.DagsterInstance.ephemeral() as instance:
        watch = Watch(tmp_path, instance, clock)
        assert watch.tick() == "nothing new in the landing zone"
        yield watch


def floors(request: dg.RunRequest) -> set[str]:
    return {key.path[0] for key in request.asset_selection}


def test_a_new_crm_file_starts_what_depends_on_the_crm_alone_once_it_lies_still(watch):
    watch.deliver("crm/salesforce/Task.csv", "Id\n1\n2\n")
    assert watch.tick() == "still being written: salesforce"
    watch.deliver("crm/salesforce/Task.csv", "Id\n1\n2\n3\n")
    assert watch.tick() == "still being written: salesforce"
    request = watch.tick()
    assert request.job_name == "arrivals"
    assert request.tags[AS_OF_TAG] == TODAY.isoformat()
    chosen = {key.to_user_string() for key in request.asset_selection}
    assert {
        "marts/calls",
        "marts/blind_spots",
        "marts/opportunity_forecasts",
        "marts/forecasts",
        "marts/target_list",
    } <= chosen
    assert {"raw/salesforce/task", "raw/border/checks", "published/current"} <= chosen
    assert not chosen & {"raw/claims/medical_claim", "intermediate/int_claim_services", "ml/volume/trends"}
    assert floors(request) == set(FLOORS)


def test_what_the_company_says_of_itself_starts_the_whole_night(watch):
    watch.deliver("company/crm_fields.yml", "Task: {subject: Betreff}\n")
    watch.tick()
    request = watch.tick()
    assert (request.job_name, request.asset_selection) == ("nightly", None)


@pytest.mark.parametrize(
    "name", [".Task.csv.part", "~Task.csv", "_Task.csv", "Task.csv.crdownload", "Task.tmp", "notes.md"]
)
def test_temporary_hidden_and_foreign_files_start_nothing(watch, name):
    watch.deliver(f"crm/salesforce/{name}", "half")
    watch.tick()
    assert watch.tick() == "nothing new in the landing zone"


def test_the_same_files_are_asked_for_under_one_key(watch):
    watch.deliver("crm/salesforce/Task.csv", "Id\n2\n")
    watch.tick()
    first, second = watch.tick(), watch.tick()
    assert first.run_key == second.run_key, "Dagster starts one run a key"
    watch.launched(first, dg.DagsterRunStatus.NOT_STARTED)
    assert watch.tick() == "a refresh is on its way"


def test_a_request_behind_a_running_refresh_is_not_lost(watch):
    watch.deliver("crm/salesforce/Task.csv", "Id\n2\n")
    watch.tick()
    with refresh_lock(watch.home.lock, TODAY):
        assert watch.tick().startswith("a refresh is running")
    assert watch.tick().job_name == "arrivals"


def test_what_the_running_refresh_read_is_not_asked_for_again(watch):
    watch.deliver("crm/salesforce/Task.csv", "Id\n2\n")
    watch.tick()
    assert watch.tick().job_name == "arrivals"
    watch.published()
    assert watch.tick() == "nothing new in the landing zone"


def test_a_failed_run_is_asked_for_again_after_a_pause_and_not_for_ever(watch):
    watch.deliver("crm/salesforce/Task.csv", "Id\n2\n")
    watch.tick()
    keys = set()
    for _ in range(ATTEMPTS):
        request = watch.tick()
        keys.add(request.run_key)
        watch.launched(request, dg.DagsterRunStatus.FAILURE)
        assert "failed" in watch.tick()
        watch.clock.shift(PAUSE)
    assert len(keys) == ATTEMPTS
    assert f"{ATTEMPTS} refreshes failed" in watch.tick()
    watch.deliver("crm/salesforce/Task.csv", "Id\nmended\n")
    watch.tick()
    assert watch.tick().job_name == "arrivals"


def test_a_run_killed_without_a_word_is_asked_for_again(watch):
    watch.deliver("crm/salesforce/Task.csv", "Id\n2\n")
    watch.tick()
    request = watch.tick()
    watch.launched(request, dg.DagsterRunStatus.STARTED)
    assert watch.tick() == "a refresh is on its way"
    watch.clock.shift(PAUSE)
    assert watch.tick().run_key != request.run_key


def test_three_nights_switched_off_are_one_catch_up(watch):
    watch.clock.shift(timedelta(days=3))
    assert "its schedule has the first turn" in watch.tick()
    watch.clock.shift(SCHEDULES_TURN)
    request = watch.tick()
    assert (request.job_name, request.tags[AS_OF_TAG]) == ("nightly", "2026-07-04")
    watch.launched(request, dg.DagsterRunStatus.SUCCESS)
    watch.published(date(2026, 7, 4))
    assert watch.tick() == "nothing new in the landing zone"


def test_a_landing_zone_that_lacks_the_company_starts_nothing_and_says_why(watch):
    (watch.landing / "company" / "company.yml").unlink()
    assert "company.yml is missing" in watch.tick()
