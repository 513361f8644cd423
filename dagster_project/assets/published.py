"""Floor `published`: the marts leave the warehouse, are audited, and become the current release.

Belongs here: the order of the steps and what is recorded of them. Not here: the steps (`dagster_project.publish`).
"""

import json
from datetime import UTC, datetime

import dagster as dg
import duckdb

from dagster_project import history
from dagster_project.assets.core import MANIFEST
from dagster_project.assets.floors import NEW_EVERY_MORNING, OWNER
from dagster_project.assets.marts import mart_assets
from dagster_project.built import remember_published
from dagster_project.missed import last_night
from dagster_project.publish import arrivals, audit, crm_writeback, export, opted_out, patients, release
from dagster_project.refresh import Refresh
from dagster_project.settings import Settings


@dg.asset(
    key=["published", "current"],
    deps=list(mart_assets.keys),
    group_name="published",
    owners=[OWNER],
    kinds={"duckdb", "parquet"},
    freshness_policy=NEW_EVERY_MORNING,
    description="The release that BI tools read: one DuckDB file, one Parquet file a mart, what the CRM is to load, a manifest; swapped in by one rename.",
)
def current(refresh: Refresh) -> dg.MaterializeResult:
    """Build beside the last release, audit, swap."""
    home, identity, config = refresh.home, refresh.identity, refresh.settings.duckdb_config()
    marts = export.marts_of(MANIFEST)
    folder = release.begin(home, identity.refresh_id)
    database = folder / "fieldscope.duckdb"
    export.write_database(home.warehouse, database, marts, config)
    rows = export.row_counts(database, marts, config)
    facts = {
        "refresh_id": identity.refresh_id,
        "as_of": identity.as_of.isoformat(),
        "code_version": identity.code_version,
        "rows": rows,
        "audiences": opted_out.audiences(marts),
        **arrivals.facts_of(home.lake, identity.as_of),
        "model_versions": _model_versions(database),
    }
    export.complete_refresh_log(database, identity.refresh_id, facts, config)
    export.write_parquet(database, folder / "parquet", marts, config)
    landing = refresh.settings.landing_zone
    facts["crm_writeback"] = crm_writeback.write(folder, home, identity.as_of, landing, config)
    history.remember_refusals(home, identity.as_of)
    audit.audit(folder, marts, patients.minimum(home), home.current.resolve() if home.current.exists() else None)
    release.finish(folder, facts)
    done = release.publish(home, folder, identity.refresh_id, refresh.settings.keep_releases)
    history.remember(home, identity.as_of, done)
    remember_published(home, identity.refresh_id)
    ended = datetime.now(UTC).replace(tzinfo=None)
    history.record_refresh(
        home,
        {
            "refresh_id": identity.refresh_id,
            "as_of": identity.as_of.isoformat(),
            "started_at": identity.started_at.isoformat(),
            "ended_at": ended.isoformat(),
            "status": "published",
            "rows": json.dumps(rows, sort_keys=True),
            "missing_sources": json.dumps(facts["missing_sources"]),
            "changes": json.dumps(facts["changes"], ensure_ascii=False),
            "model_versions": json.dumps(facts["model_versions"], sort_keys=True),
            "code_version": identity.code_version,
            "refreshed_sources": json.dumps(identity.refreshed_sources),
        },
    )
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(rows.values()),
            "release": dg.MetadataValue.path(str(done)),
            "rows": dg.MetadataValue.json(rows),
        }
    )


@dg.asset_check(asset=current, description="The last night that was due is published. Looked at every morning, too.")
def last_night_is_published() -> dg.AssetCheckResult:
    """A night that was missed is noticed where nobody looks at the calendar."""
    night = last_night(Settings(), datetime.now(UTC))
    return dg.AssetCheckResult(
        passed=not night.is_missed, severity=dg.AssetCheckSeverity.WARN, description=night.message
    )


def _model_versions(database) -> dict[str, list[str]]:
    """The versions of each report, and what was decided between the newly fitted model of targets and the one in use."""
    asked = {
        report.removesuffix("_model_report"): f"select distinct model_version from {report} order by 1"
        for report in ("target_model_report", "forecast_model_report")
    }
    asked["target_decision"] = "select split from target_model_report where metric = 'decision' order by 1"
    with duckdb.connect(str(database), read_only=True) as connection:
        return {name: [row[0] for row in connection.execute(query).fetchall()] for name, query in asked.items()}
