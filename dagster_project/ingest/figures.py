"""The few figures of a version by which one release is compared with the next: its days, its dollars, its providers.

Belongs here: one aggregate over what was just written, as the contract names the columns. Does not belong here: the comparison
(`changes`), and whether the file may be used (`quarantine`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from dagster_project.ingest.catalog import Record
from dagster_project.ingest.contract import Contract
from dagster_project.ingest.names import Told
from dagster_project.parquet import quoted


def take_figures(con: duckdb.DuckDBPyConnection, contract: Contract, version: Path, told: Told, record: Record) -> None:
    """Fills days, dollars and providers of `record`; what the contract does not name stays empty."""
    wanted = {
        "first": f"min({contract.dated_by})" if contract.dated_by else "null",
        "last": f"max({contract.dated_by})" if contract.dated_by else "null",
        "dollars": f"coalesce(sum({contract.dollars}), 0)::decimal(38, 2)" if contract.dollars else "null",
        "providers": f"count(distinct {contract.provider})" if contract.provider else "null",
    }
    first, last, dollars, providers = (None,) * 4
    if contract.dated_by or contract.dollars or contract.provider:
        query = f"select {', '.join(wanted.values())} from read_parquet({quoted(version)})"
        first, last, dollars, providers = con.execute(query).fetchone()
    record.dollars, record.providers = None if dollars is None else str(dollars), providers
    if not contract.dated_by:
        first, last = _days_told(told)
    record.period_start = first.isoformat() if first else None
    record.period_end = last.isoformat() if last else None


def _days_told(told: Told) -> tuple[date | None, date | None]:
    """First and last day that a path tells: the data year, or the day of the snapshot."""
    if told.period is not None:
        return date(told.period, 1, 1), date(told.period, 12, 31)
    return told.released_on, told.released_on
