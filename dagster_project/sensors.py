"""The sensor on the landing zone: a new file starts the refresh of what depends on it, a missed night is caught up.

Belongs here: looking, and asking Dagster for a run. Not here: whether one is wanted (`wanted`), what it builds (`definitions`).
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from dagster_project.built import last_built
from dagster_project.due import zone_of
from dagster_project.ingest.landing_zone import check_landing
from dagster_project.lock import running_refresh
from dagster_project.refresh import AS_OF_TAG, code_version, full_code
from dagster_project.settings import Settings
from dagster_project.wanted import PAUSE, Situation, Wanted, wanted
from dagster_project.watch import digest, look

LOOK_SECONDS = 10
ATTEMPTS = 3
LANDING_TAG = "fieldscope/landing"
BECAUSE_TAG = "fieldscope/because"
ASKED_TAG = "fieldscope/asked_at"
UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def landing_sensor(everything: UnresolvedAssetJobDefinition, part: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """The sensor over the two jobs: the whole night, and what depends on some sources."""

    @dg.sensor(
        jobs=[everything, part],
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts the refresh of what depends on new files, once they lie still; catches a missed night up, once.",
    )
    def landing_zone(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        settings, now = Settings(), datetime.now(UTC)
        if missing := check_landing(settings.landing_zone):
            return dg.SensorResult(skip_reason="; ".join(missing))
        before = json.loads(context.cursor or "{}")
        looks = look(settings.landing_zone)
        moving = frozenset(name for name, seen in looks.items() if before.get("looks", {}).get(name) != seen)
        since = before.get("overdue_since")
        at = Situation(
            now,
            zone_of(settings.landing_zone),
            looks,
            last_built(settings.paths),
            full_code(code_version()),
            settings.as_of,
            moving,
            datetime.fromisoformat(since) if since else None,
        )
        since = (since or now.isoformat()) if at.is_overdue else None
        cursor = json.dumps({"looks": looks, "overdue_since": since})
        if running := running_refresh(settings.paths.lock):
            return dg.SensorResult(skip_reason=f"a refresh is running: {running}", cursor=cursor)
        found = wanted(at)
        asked = found if isinstance(found, str) else _request(context, found, looks, now)
        if isinstance(asked, str):
            return dg.SensorResult(skip_reason=asked, cursor=cursor)
        return dg.SensorResult(run_requests=[asked], cursor=cursor)

    def _request(
        context: dg.SensorEvaluationContext, found: Wanted, looks: dict[str, str], now: datetime
    ) -> dg.RunRequest | str:
        """The run to ask for; or why to wait, where one is on its way or has failed too often."""
        concerned = {name: looks[name] for name in found.sources or looks}
        key = digest({**concerned, "as_of": found.as_of.isoformat()})
        instance, lately = context.instance, now - PAUSE
        pending = dg.RunsFilter(statuses=UNFINISHED, created_after=lately)
        if any(run.job_name in (everything.name, part.name) for run in instance.get_runs(pending)):
            return "a refresh is on its way"
        tried = instance.get_run_records(dg.RunsFilter(tags={LANDING_TAG: key}))
        # A run that has not ended while nobody holds the lock was killed.
        failed = [run for run in tried if run.dagster_run.status != dg.DagsterRunStatus.SUCCESS]
        if len(failed) >= ATTEMPTS:
            return f"{found.because}, and {ATTEMPTS} refreshes failed: see their runs; a changed file or the next night tries again"
        if any(datetime.fromisoformat(run.dagster_run.tags[ASKED_TAG]) > lately for run in failed):
            return f"{found.because}; the last try failed, the next one comes within {PAUSE // timedelta(minutes=1)} minutes"
        tags = {
            AS_OF_TAG: found.as_of.isoformat(),
            LANDING_TAG: key,
            BECAUSE_TAG: found.because,
            ASKED_TAG: now.isoformat(),
        }
        name = f"{found.as_of} {key} {len(tried)}"
        if not found.sources:
            return dg.RunRequest(name, tags=tags, job_name=everything.name)
        graph = context.repository_def.asset_graph if context.repository_def else None
        return dg.RunRequest(name, tags=tags, job_name=part.name, asset_selection=depending_on(found.sources, graph))

    return landing_zone


def depending_on(sources: Iterable[str], graph: Any) -> list[dg.AssetKey]:
    """The tables of these sources and everything that is made from them, by the asset graph."""
    tables = dg.AssetSelection.key_prefixes(*(["raw", name] for name in sources))
    return sorted(tables.downstream().resolve(graph))
