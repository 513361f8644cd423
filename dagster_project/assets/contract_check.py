"""The verdict of a raw table's contract as a Dagster asset check: one check a table, its results as a table.

Belongs here: how results look in Dagster. Not here: the results (`ingest.judgement`). A broken threshold is an error and stops
nothing, since the refused file is not in use: the version accepted before is.
"""

from collections.abc import Iterable
from pathlib import Path

import dagster as dg

from dagster_project.ingest.catalog import Record
from dagster_project.ingest.contents import Source
from dagster_project.ingest.contract_checks import STATUSES
from dagster_project.ingest.thresholds import written

NAME = "contract"
SHOWN = 200


def contract_check_specs(source: Source) -> list[dg.AssetCheckSpec]:
    """One check a table of the source."""
    return [
        dg.AssetCheckSpec(
            NAME,
            asset=["raw", source.name, table],
            description="Every file keeps the thresholds of its contract, as Great Expectations judged its profile.",
        )
        for table, _ in source.tables
    ]


def contract_check(source: str, table: str, judged: Iterable[Record], data_docs: Path) -> dg.AssetCheckResult:
    """Passed where every threshold is kept; what stands out comes first."""
    found = [(record, result) for record in judged if record.table == table for result in record.results]
    found.sort(key=lambda pair: -STATUSES.index(pair[1]["status"]))
    worst = found[0][1]["status"] if found else "pass"
    metadata: dict = {"thresholds": len(found), "broken": sum(result["status"] == "fail" for _, result in found)}
    if found:
        metadata["results"] = dg.MetadataValue.table([_row(record, result) for record, result in found[:SHOWN]])
        metadata["data_docs"] = dg.MetadataValue.path(data_docs / f"{source}.{table}.html")
    return dg.AssetCheckResult(
        check_name=NAME,
        asset_key=["raw", source, table],
        passed=worst == "pass",
        severity=dg.AssetCheckSeverity.ERROR if worst == "fail" else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def _row(record: Record, result: dict) -> dg.TableRecord:
    return dg.TableRecord(
        {
            "status": result["status"],
            "measure": result["name"],
            "observed": written(result["observed"]),
            "allowed": result["allowed"],
            "because": result["because"],
            "file": record.file,
        }
    )
