"""The whole of Fieldscope on one screen: floors from left to right, the nightly job, its schedule.

Belongs here: the one `Definitions`. Not here: any asset (assets/), any step (ingest, dbt, models_ml, publish).
"""

from zoneinfo import ZoneInfo

import dagster as dg

from dagster_project import history
from dagster_project.assets import core, freshness, marts, ml, published, raw
from dagster_project.assets.floors import TIME_ZONE
from dagster_project.due import EVERY_MORNING, NIGHTLY
from dagster_project.ingest.landing_zone import check_landing
from dagster_project.refresh import AS_OF_TAG, Refresh
from dagster_project.sensors import landing_sensor
from dagster_project.settings import Settings

ASSETS = [
    *raw.source_assets,
    raw.border_tables,
    raw.history_tables,
    core.core_assets,
    *ml.models,
    marts.mart_assets,
    published.current,
]


@dg.failure_hook(required_resource_keys={"refresh"})
def remember_failure(context: dg.HookContext) -> None:
    """A refresh that failed stands in the next `refresh_log`, with the step and the reason."""
    refresh: Refresh = context.resources.refresh
    history.record_failure(refresh.home, refresh.identity, context.step_key, str(context.op_exception))


nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="The whole night: landing zone to published refresh.",
    executor_def=dg.in_process_executor,
    hooks={remember_failure},
)

arrivals = dg.define_asset_job(
    "arrivals",
    selection=dg.AssetSelection.all(),
    description="What depends on the sources that have new files; the rest stays as the day's night published it.",
    executor_def=dg.in_process_executor,
    hooks={remember_failure},
)

morning = dg.define_asset_job(
    "morning",
    selection=dg.AssetSelection.checks(published.last_night_is_published),
    description="Looks whether the last night was published; touches nothing.",
    executor_def=dg.in_process_executor,
)
every_morning = dg.ScheduleDefinition(
    name="every_morning",
    job=morning,
    cron_schedule=EVERY_MORNING,
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="A night that was missed is noticed at six in the company's time zone.",
)


@dg.schedule(
    job=nightly,
    cron_schedule=NIGHTLY,
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at two in the company's time zone; one run a logical date.",
)
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    settings = Settings()
    if settings.as_of:
        return dg.SkipReason(f"FIELDSCOPE_AS_OF gives the day {settings.as_of}: no night is due")
    if missing := check_landing(settings.landing_zone):
        return dg.SkipReason("; ".join(missing))
    day = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).date().isoformat()
    return dg.RunRequest(run_key=day, tags={AS_OF_TAG: day})


defs = dg.Definitions(
    assets=ASSETS,
    asset_checks=[freshness.freshness, published.last_night_is_published],
    jobs=[nightly, arrivals, morning],
    schedules=[every_night, every_morning],
    sensors=[landing_sensor(nightly, arrivals)],
    resources={"refresh": Refresh()},
    executor=dg.in_process_executor,  # whatever a person starts on the page: one refresh is one process and one lock
)
