"""What a source promises: columns, layouts, rules and how many bad rows are bearable.

Belongs here: the words in which a source module describes its files. Does not belong here: any file, any SQL that runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dagster_project.ingest.kinds import Kind
from dagster_project.ingest.names import Told
from dagster_project.ingest.thresholds import MISSING_YEARS, Threshold, common, needed_column, suite

RULES = (
    "wrong_field_count",
    "swapped_columns",
    "missing_key",
    "npi_check_digit",
    "not_a_number",
    "not_a_date",
    "not_a_count",
    "negative_amount",
    "date_outside_period",
    "date_in_future",
    "unknown_code",
    "too_long",
    "duplicate_key_conflict",
)

# The text of a header, as SQL, or None when the file has no such column.
Lookup = Callable[[str], str | None]
# One header name, several names of which the first present counts, or SQL built from several headers.
Origin = str | tuple[str, ...] | Callable[[Lookup], str]

PROVENANCE = {"_file": "VARCHAR", "_row": "BIGINT", "_period": "BIGINT", "_release": "VARCHAR", "_released_on": "DATE"}


class LandingError(Exception):
    """The landing zone lacks what no refresh can do without."""


@dataclass(frozen=True)
class Column:
    """A column of the raw table. A key column must hold a value in every row."""

    name: str
    kind: Kind
    is_key: bool = False
    codes: tuple[str, ...] = ()
    longest: int | None = None

    def checks(self) -> list[tuple[str, str, str]]:
        """(rule, column, SQL predicate that is true for a bad row)."""
        checks = [(rule, self.name, predicate) for rule, predicate in self.kind.faults(self.name)]
        if self.is_key:
            checks.append(
                (
                    "missing_key",
                    self.name,
                    f"\"{self.name}\" is null and coalesce(trim(\"{self.name}__text\"), '') = ''",
                )
            )
        if self.codes:
            # Not `not in (...)`: DuckDB would build a join for a longer list.
            unlike = " and ".join(f"\"{self.name}\" <> '{code}'" for code in self.codes)
            checks.append(("unknown_code", self.name, unlike))
        if self.longest is not None:
            checks.append(("too_long", self.name, f'strlen("{self.name}") > {self.longest}'))
        return checks


@dataclass(frozen=True)
class Layout:
    """One header that the publisher has used: which of its names feed which raw column."""

    name: str
    headers: Mapping[str, Origin]
    signature: tuple[str, ...]
    is_headerless: bool = False


@dataclass(frozen=True)
class Freshness:
    """How old the newest day of a table's data may be at `as_of`, and why. `told_by`: the column or SQL that gives a row's day;
    without it the period counts that the file's name tells. Tables that share a policy are one feed: its newest table speaks."""

    days: int
    because: str
    told_by: str | None = None


@dataclass(frozen=True)
class Contract:
    """One raw table: how its files are recognised, what their rows must fulfil."""

    table: str
    columns: tuple[Column, ...]
    layouts: tuple[Layout, ...] = ()
    pattern: str = r"(?!)"
    unique: tuple[str, ...] = ()
    rules: tuple[tuple[str, str, str], ...] = ()
    swaps: tuple[tuple[str, str], ...] = ()
    notice: str | None = None
    period: str | None = None
    dated_by: str | None = None
    # What a restatement is told by: a sum of money and distinct providers, each a column or SQL over columns.
    dollars: str | None = None
    provider: str | None = None
    fresh: Freshness | None = None
    needs_year: bool = False
    is_yearly: bool = False
    allows_no_rows: bool = False
    allows_absent: bool = False
    tolerated_share: float = 0.05
    tolerated_because: str = "the default of every source"
    thresholds: tuple[Threshold, ...] = ()
    # A year may not be missing between two: the file after the gap is refused.
    is_contiguous: bool = False
    others: str = r"(?!)"
    document: Callable[[bytes], dict[str, Any]] | None = None

    @property
    def file_name(self) -> str:
        """The name under which a hand-kept file is asked for."""
        return "company.yml" if self.document else f"{self.table}.csv"

    def told(self, path: Told) -> Told:
        """What a path tells, read the way this table's publisher names files: a bare year is a data year or a release."""
        if self.is_yearly and path.period is None:
            return replace(path, period=path.bare_year)
        if path.period is None and path.release is None and path.bare_year is not None:
            return replace(path, release=str(path.bare_year))
        return path

    @property
    def types(self) -> dict[str, str]:
        return {column.name: column.kind.type for column in self.columns} | PROVENANCE

    @property
    def checks(self) -> list[tuple[str, str, str]]:
        """Every check, in the order in which a row is judged."""
        found = [check for column in self.columns for check in column.checks()] + list(self.rules)
        return sorted(found, key=lambda check: RULES.index(check[0]))

    @property
    def faulty(self) -> str:
        """SQL that is true for a row that breaks any rule."""
        return " or ".join(f"({predicate})" for _, _, predicate in self.checks) or "false"

    def suite(self, layout: Layout) -> tuple[Threshold, ...]:
        """Every threshold of a file of this layout; the contract's own take the place of common ones."""
        asked = common(self.tolerated_share, self.tolerated_because, self.allows_no_rows)
        needed = tuple(needed_column(column) for column in layout.signature)
        return suite((*asked, *needed, *((MISSING_YEARS,) if self.is_contiguous else ())), self.thresholds)

    @property
    def private(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.kind.is_private)


@dataclass(frozen=True)
class Source:
    """A family of files below one folder of the landing zone."""

    name: str
    folder: str
    contracts: tuple[Contract, ...]
    root: Path | None = None
    required: tuple[str, ...] = ()
    # Who may not be visited: once delivered, no refresh goes on without a version that can be read.
    gates: tuple[str, ...] = ()
    field_names: Callable[[Path], dict[str, dict[str, str]]] | None = None
    separators: tuple[str, ...] = (",", "\t")
    names_decide: bool = False
    # One of several sources of which a landing zone needs one: nobody misses the others.
    is_alternative: bool = False

    @property
    def tables(self) -> list[tuple[str, dict[str, str]]]:
        return [(contract.table, contract.types) for contract in self.contracts]

    def contract(self, table: str) -> Contract:
        return next(contract for contract in self.contracts if contract.table == table)

    def with_own_names(self, own_names: Mapping[str, Mapping[str, str]]) -> Source:
        """The same source with an organisation's header names in the place of ours: table -> our header -> theirs."""
        contracts = []
        for contract in self.contracts:
            own = own_names.get(contract.table, {})
            layouts = tuple(
                replace(layout, headers={column: _renamed(origin, own) for column, origin in layout.headers.items()})
                for layout in contract.layouts
            )
            contracts.append(replace(contract, layouts=layouts))
        return replace(self, contracts=tuple(contracts))

    def fingerprint(self) -> str:
        """Changes when any layout, column, rule or conversion of this source does."""
        digest = hashlib.sha256()
        for contract in self.contracts:
            told = (
                contract.period,
                contract.dated_by,
                contract.needs_year,
                contract.is_yearly,
                contract.allows_no_rows,
            )
            judged = (contract.checks, contract.unique, contract.swaps, contract.notice, contract.tolerated_share)
            digest.update(repr((contract.table, contract.pattern, told, judged)).encode())
            for column in contract.columns:
                digest.update(f"{column.name} {column.kind.type} {column.kind.value('x')}".encode())
            for layout in contract.layouts:
                names = {k: v(lambda header: header) if callable(v) else v for k, v in layout.headers.items()}
                suite = [replace(threshold, because="") for threshold in contract.suite(layout)]
                digest.update(repr((layout.name, sorted(names.items()), layout.signature, suite)).encode())
        return digest.hexdigest()[:16]


def _renamed(origin: Origin, own: Mapping[str, str]) -> Origin:
    """Where one of several names is replaced, the replacement alone counts."""
    if not isinstance(origin, str | tuple):
        return lambda field: origin(lambda header: field(own.get(header, header)))
    names = (origin,) if isinstance(origin, str) else origin
    replaced = tuple(own[name] for name in names if name in own)
    return replaced or origin
