"""How old the newest data of each source are at `as_of`, against the policy of its contracts.

Belongs here: the comparison. Not here: the policies (each contract's `fresh`), and whether a night was missed (`missed`).
A function of `as_of` and of what is in use: neither the clock of the machine nor a file's time tells how old data are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from dagster_project.ingest.catalog import Record
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.contract import Contract, Freshness, Source
from dagster_project.parquet import quoted

CHECK = "freshness"


@dataclass(frozen=True)
class Age:
    """The newest day of one feed of a source; None where neither rows nor names tell any."""

    table: str
    policy: Freshness
    newest: date | None

    def days(self, as_of: date) -> int:
        return (as_of - self.newest).days if self.newest else 0

    def is_stale(self, as_of: date) -> bool:
        return self.days(as_of) > self.policy.days


def judged(source: Source) -> list[Contract]:
    """The tables of a source whose age is judged."""
    return [contract for contract in source.contracts if contract.fresh]


def freshness_checks(lake: Path, name: str, active: Iterable[Record], as_of: date) -> list[tuple]:
    """One row for a source that was delivered and has a policy: `warn` where a feed is older than it may be."""
    source = next(source for source in SOURCES if source.name == name)
    records = list(active)
    ages = _ages(lake, source, records, as_of)
    if not ages:
        return []
    told = [
        f"{age.table} {age.newest} ({age.days(as_of)} days)" if age.newest else f"{age.table} undated" for age in ages
    ]
    allowed = [f"{age.table} within {age.policy.days} days: {age.policy.because}" for age in ages]
    status = "warn" if any(age.is_stale(as_of) for age in ages) else "pass"
    return [(name, CHECK, status, "; ".join(told), "; ".join(allowed), sum(record.rows for record in records))]


def _ages(lake: Path, source: Source, records: list[Record], as_of: date) -> list[Age]:
    newest: dict[Freshness, Age] = {}
    with duckdb.connect() as connection:
        for contract in judged(source):
            used = [record for record in records if record.table == contract.table]
            policy = contract.fresh
            if not used or policy is None:
                continue
            day = (
                _day_in_rows(connection, lake, source, contract, as_of)
                if policy.told_by
                else _day_in_names(used, as_of)
            )
            known = newest.get(policy)
            if known is None or (day and (known.newest is None or day > known.newest)):
                newest[policy] = Age(contract.table, policy, day)
    return sorted(newest.values(), key=lambda age: age.table)


def _day_in_rows(
    connection: duckdb.DuckDBPyConnection, lake: Path, source: Source, contract: Contract, as_of: date
) -> date | None:
    """The newest day up to `as_of` in the rows in use; what the future holds by mistake or by plan does not make data fresh."""
    files = lake / "raw" / source.name / contract.table / "*.parquet"
    day = contract.fresh.told_by if contract.fresh else None
    query = f"select max({day}) from read_parquet({quoted(files)}, union_by_name = true) where {day} <= ?"
    return connection.execute(query, [as_of]).fetchone()[0]


def _day_in_names(records: list[Record], as_of: date) -> date | None:
    days = [date.fromisoformat(record.period_end) for record in records if record.period_end]
    return max((day for day in days if day <= as_of), default=None)
