"""The profile of a file: a few dozen measures of what was just written, by which the file as a whole is judged.

Belongs here: how a measure is taken, from the Parquet footer, from what was quarantined, and by one narrow aggregate. Does
not belong here: what is compared with the accepted version (`drift`) and what a measure may be (`thresholds`). No row
leaves DuckDB; the cost is that of a few columns read once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from dagster_project.ingest.contract import Contract
from dagster_project.ingest.names import Told
from dagster_project.ingest.quarantine import Outcome
from dagster_project.ingest.recognise import Match
from dagster_project.ingest.thresholds import LEAST_CELLS, LEAST_SLIPS, Profile, Threshold
from dagster_project.parquet import quoted

BUSY_MONTH = 30


def take_profile(
    con: duckdb.DuckDBPyConnection,
    match: Match,
    thresholds: Iterable[Threshold],
    told: Told,
    version: Path,
    aside: Path,
    outcome: Outcome,
) -> Profile:
    """All measures of one file; a rate of too few cells is none."""
    profile = _of_rows(outcome)
    profile |= _of_path(told)
    if outcome.rows:
        profile |= _of_footer(con, match, version)
        profile |= _of_values(con, match.contract, thresholds, version)
        profile |= _of_months(con, match.contract, version)
    if outcome.quarantined:
        profile |= _of_quarantine(con, aside, profile, outcome.rows)
    return profile


def _of_rows(outcome: Outcome) -> Profile:
    bad = sum(rows for rows, _ in outcome.quarantined.values())
    read = outcome.rows + outcome.repeated + bad
    profile: Profile = {("rows", ""): outcome.rows, ("rows_read", ""): read}
    if read:
        profile["quarantined_share", ""] = bad / read
    if read >= LEAST_CELLS:
        # A slip or two are no rate, however small the file.
        repeated = outcome.repeated if outcome.repeated >= LEAST_SLIPS else 0
        profile["repeated_share", ""] = repeated / read
        broken = {rule: rows for rule, (rows, _) in outcome.quarantined.items() if rows >= LEAST_SLIPS}
        profile |= {("rule_share", rule): rows / read for rule, rows in broken.items()}
    return profile


def _of_path(told: Told) -> Profile:
    profile: Profile = {}
    if told.period is not None:
        profile["period", ""] = told.period
        if told.release and (released := re.match(r"(?:19|20)\d{2}", told.release)):
            profile["years_until_release", ""] = int(released[0]) - told.period
    return profile


def _of_footer(con: duckdb.DuckDBPyConnection, match: Match, version: Path) -> Profile:
    """What the Parquet footer tells for nothing: empty cells of every column that the file has, ends of numbers and,
    as years, of dates."""
    profile: Profile = {}
    found = con.execute(
        f"""
        select path_in_schema, sum(stats_null_count) / sum(num_values),
            min(try_cast(stats_min_value as double)), max(try_cast(stats_max_value as double)),
            min(year(try_cast(stats_min_value as date))), max(year(try_cast(stats_max_value as date)))
        from parquet_metadata({quoted(version)}) group by path_in_schema order by path_in_schema
        """
    ).fetchall()
    types = {column.name: column.kind.type for column in match.contract.columns if column.name in match.present}
    for column, empty, least, most, first, last in found:
        if column not in types:
            continue
        profile["empty_share", column] = empty
        if types[column] in ("DATE", "TIMESTAMP"):
            ends = {"first_year": first, "last_year": last}
        else:
            # The ends of a column of claim lines are the cells of one patient.
            is_told = not match.contract.private and not types[column].startswith(("VARCHAR", "BOOLEAN"))
            ends = {"least": least, "most": most} if is_told else {}
        profile |= {(measure, column): value for measure, value in ends.items() if value is not None}
    return profile


def _of_values(
    con: duckdb.DuckDBPyConnection, contract: Contract, thresholds: Iterable[Threshold], version: Path
) -> Profile:
    """One aggregate over the columns that it needs: shares of rows and distinct keys."""
    wanted: dict[tuple[str, str], tuple[str, str]] = {}
    for one in thresholds:
        if one.share_of:
            wanted[one.measure, one.column] = f"avg(cast({one.share_of} as integer))", f"count({one.share_of})"
    for column in contract.columns:
        # A key that is unique by itself has as many values as there are rows.
        if column.is_key and not column.kind.is_private and contract.unique != (column.name,):
            wanted["distinct", column.name] = f'approx_count_distinct("{column.name}")', f'count("{column.name}")'
    if not wanted:
        return {}
    columns = ", ".join(f"{value}, {counted}" for value, counted in wanted.values())
    found = con.execute(f"select {columns} from read_parquet({quoted(version)})").fetchone()
    return {
        measure: value
        for measure, value, counted in zip(wanted, found[0::2], found[1::2], strict=True)
        if value is not None and counted >= LEAST_CELLS
    }


def _of_months(con: duckdb.DuckDBPyConnection, contract: Contract, version: Path) -> Profile:
    """Months without a row between two busy ones; the few old lines that a later file restates make no month busy."""
    if not contract.dated_by:
        return {}
    found = con.execute(
        f"""
        with months as (
            select date_trunc('month', {contract.dated_by}) as month, count(*) as lines
            from read_parquet({quoted(version)}) group by all having month is not null
        ), pairs as (
            select *, lead(month) over (order by month) as next_month, lead(lines) over (order by month) as next_lines from months
        )
        select coalesce(sum(datediff('month', month, next_month) - 1), 0) from pairs
        where least(lines, next_lines) >= {BUSY_MONTH}
        """
    ).fetchone()
    return {("months_missing", ""): int(found[0])}


def _of_quarantine(con: duckdb.DuckDBPyConnection, aside: Path, profile: Profile, rows: int) -> Profile:
    """The share of readable cells among the filled ones, of each column that broke its own kind's rule."""
    found = con.execute(
        f"""
        select name, count(*)
        from (select unnest(string_split("column", ', ')) as name, rule from read_parquet({quoted(aside)}))
        where rule in ('swapped_columns', 'npi_check_digit', 'not_a_number', 'not_a_date', 'not_a_count') group by name order by name
        """
    ).fetchall()
    valid: Profile = {}
    for column, bad in found:
        filled = rows - round(rows * profile.get(("empty_share", column), 1))
        if filled + bad >= LEAST_CELLS:
            valid["valid_share", column] = filled / (filled + bad)
    return valid
