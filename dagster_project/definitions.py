"""The whole of Fieldscope on one screen: floors from left to right, the nightly job, its schedule.

Belongs here: the one `Definitions`. Not here: any asset (assets/), any step (ingest, dbt, models_ml, publish).
"""

from zoneinfo import ZoneInfo

import dagster as dg

from dagster_project import history
from dagster_project.assets import core, marts, ml, published, raw
from dagster_project.company import company_of
from dagster_project.ingest.landing_zone import check_landing
from dagster_project.refresh import AS_OF_TAG, Refresh
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

TIME_ZONE = company_of(Settings().landing_zone)["timezone"]


@dg.schedule(
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at two in the company's time zone; one run a logical date.",
)
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    if missing := check_landing(Settings().landing_zone):
        return dg.SkipReason("; ".join(missing))
    day = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).date().isoformat()
    return dg.RunRequest(run_key=day, tags={AS_OF_TAG: day})


defs = dg.Definitions(assets=ASSETS, jobs=[nightly], schedules=[every_night], resources={"refresh": Refresh()})
