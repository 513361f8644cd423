"""Asset checks: are the data of each source as new as its contracts expect them to be on the day of the refresh?

Belongs here: one check a source, shown on its first table that has a policy. Not here: the verdict (`ingest.freshness`).
"""

from collections.abc import Iterator

import dagster as dg
import pyarrow.parquet as pq

from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.freshness import CHECK, judged
from dagster_project.refresh import Refresh

CHECKED = {source.name: judged(source)[0].table for source in SOURCES if judged(source)}


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            CHECK,
            asset=["raw", source, table],
            additional_deps=[["raw", "border", "checks"]],
            description="; ".join(
                sorted(
                    {
                        f"within {c.fresh.days} days: {c.fresh.because}"
                        for s in SOURCES
                        if s.name == source
                        for c in judged(s)
                        if c.fresh
                    }
                )
            ),
        )
        for source, table in CHECKED.items()
    ],
    can_subset=True,
)
def freshness(context: dg.AssetCheckExecutionContext, refresh: Refresh) -> Iterator[dg.AssetCheckResult]:
    """The row of `data_quality` as a check; a source that was not delivered is not stale, it is missing."""
    written = pq.read_table(refresh.home.raw / "border" / "checks" / "present.parquet").to_pylist()
    found = {row["source"]: row for row in written if row["check_name"] == CHECK}
    for key in sorted(context.selected_asset_check_keys):
        row = found.get(key.asset_key.path[1])
        yield dg.AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=row is None or row["status"] == "pass",
            severity=dg.AssetCheckSeverity.WARN,
            description=row["observed"] if row else "not delivered",
        )
