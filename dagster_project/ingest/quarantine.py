"""What happens when something in a file is wrong: the extra passes that find each bad row, its line, column and rule.

Belongs here: everything a clean file never pays for. Does not belong here: the first pass (`reader`) and the decision
which version of a file is in use (`border`). Values of a table that holds patient identifiers are never stored: in a row
whose fields are shifted, any column may hold one.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dagster_project.ingest.contract import RULES, Contract
from dagster_project.ingest.decode import FileFault, Opened
from dagster_project.ingest.reader import Plan
from dagster_project.parquet import quoted

SAMPLE = 3
TOO_LONG = "LINE SIZE OVER MAXIMUM"


@dataclass(frozen=True)
class Outcome:
    """Rows stored and, by rule, how many were quarantined with a few examples as JSON."""

    rows: int
    quarantined: dict[str, tuple[int, str]] = field(default_factory=dict)
    repeated: int = 0


def settle(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    file: Opened,
    stats: dict,
    parsed: Path,
    name: str,
    target: Path,
    aside: Path,
) -> Outcome:
    """Turns the first pass `parsed` into the version `target`; bad rows go to `aside`. Raises `FileFault` where there is nothing to judge."""
    contract = plan.contract
    rejects = _rejects(con, plan, file)
    stored = int(stats["_row"]["num_values"]) if stats else 0
    has_bad = stored > 0 and int(stats["_row"]["min"]) < 0
    repeats = _repeats(con, contract, parsed) if stored else 0
    if not (rejects or has_bad or repeats):
        if not stored and not contract.allows_no_rows:
            raise FileFault("no_rows", "the file has a header and no row; export it again")
        os.replace(parsed, target)
        return Outcome(stored)
    bad = (
        con.execute(f"select count(*) from read_parquet({quoted(parsed)}) where _row < 0").fetchone()[0]
        if has_bad
        else 0
    )
    conflicts = (
        con.execute("select coalesce(sum(copies), 0) from repeats where contents > 1").fetchone()[0] if repeats else 0
    )
    total, broken = stored + rejects, rejects + bad + conflicts
    if not broken:
        _write_good(con, contract, parsed, target, repeats, shifted=False)
        return Outcome(total - repeats, repeated=repeats)
    _find_bad(con, plan, has_bad)
    _number_lines(con, plan, file)
    _collect(con, contract, parsed, name, repeats)
    aside.parent.mkdir(parents=True, exist_ok=True)
    con.execute(
        f"copy (select * from quarantined order by line, record) to {quoted(aside)} (format parquet, compression zstd)"
    )
    rows = _write_good(con, contract, parsed, target, repeats, shifted=bool(rejects))
    return Outcome(rows, _counts(con), total - broken - rows)


def _rejects(con: duckdb.DuckDBPyConnection, plan: Plan, file: Opened) -> int:
    """Records that DuckDB could not split, into the table `rejects`; an unclosed quote refuses the file."""
    if file.is_parquet:
        return 0
    con.execute(
        """
        create or replace temp table rejects as
        select line as unit, first(error_type) as error_type, first(error_message) as message,
            bool_or(error_type = 'UNQUOTED VALUE' and regexp_matches(csv_line, '[\\r\\n]')) as is_open
        from reject_errors group by line order by line
        """
    )
    count, first_open = con.execute("select count(*), min(unit) filter (where is_open) from rejects").fetchone()
    if first_open is not None:
        _number_lines(con, plan, file)
        line = con.execute("select line from numbered_rejects where unit = ?", [first_open]).fetchone()[0]
        raise FileFault("unclosed_quote", f"a quote opens in line {line} and never closes; mend that line", line)
    return count


def _repeats(con: duckdb.DuckDBPyConnection, contract: Contract, parsed: Path) -> int:
    """Rows beyond the first of each unique key; the keys that occur more than once go into the table `repeats`."""
    if not contract.unique:
        return 0
    key, good = _key(contract), f"from read_parquet({quoted(parsed)}) where _row > 0"
    surplus = con.execute(f"select count(*) - count(distinct {key}) {good}").fetchone()[0]
    if surplus:
        content = ", ".join(f'"{column.name}"' for column in contract.columns)
        con.execute(
            f"create or replace temp table repeats as select {key} as key, min(_row) as first_row, count(*) as copies,"
            f" count(distinct hash({content})) as contents {good} group by all having count(*) > 1"
        )
    return surplus


def _key(contract: Contract) -> str:
    return "hash(" + ", ".join(f'"{column}"' for column in contract.unique) + ")"


def _find_bad(con: duckdb.DuckDBPyConnection, plan: Plan, has_bad: bool) -> None:
    """The table `bad`: number among the parsed records, rule, column and value of the first rule that each row breaks."""
    contract = plan.contract
    checks = list(contract.checks)
    swaps = [_swapped(contract, *pair) for pair in contract.swaps]
    at = next(
        (i for i, check in enumerate(checks) if RULES.index(check[0]) > RULES.index("swapped_columns")), len(checks)
    )
    checks[at:at] = swaps
    which = " ".join(f"when {predicate} then {i}" for i, (_, _, predicate) in enumerate(checks))
    rules = ", ".join(quoted(rule) for rule, _, _ in checks)
    columns = ", ".join(quoted(column) for _, column, _ in checks)
    values = " ".join(f'when {i} then "{column.split(",")[0]}__text"' for i, (_, column, _) in enumerate(checks))
    value = "null::varchar" if contract.private else f"left(case which {values} end, 200)"
    con.execute(
        f"create or replace temp table bad as select record, [{rules}][which + 1] as rule, [{columns}][which + 1] as column_name,"
        f" {value} as value from (select *, case {which} end as which from ({plan.typed}) where {contract.faulty})"
        + ("" if has_bad else " where false")
    )


def _swapped(contract: Contract, first: str, second: str) -> tuple[str, str, str]:
    """True where each of two cells is unreadable in its own column and readable in the other's."""
    kinds = {column.name: column.kind for column in contract.columns}
    here, there = f'"{first}__text"', f'"{second}__text"'
    predicate = (
        f'"{first}" is null and "{second}" is null and {kinds[first].value(there)} is not null'
        f" and {kinds[second].value(here)} is not null"
    )
    return "swapped_columns", f"{first}, {second}", predicate


def _number_lines(con: duckdb.DuckDBPyConnection, plan: Plan, file: Opened) -> None:
    """The table `starts`: the true line in which each record begins, also after line breaks inside of quotes.

    DuckDB counts records, not lines; here the lines are read as they stand and a record begins where no quote is open.
    Beside a record too long to be read, and in Parquet, records stand for lines.
    """
    headers = 0 if plan.match.layout.is_headerless else 1
    con.execute("create or replace temp table starts (unit bigint, line bigint, record bigint)")
    if file.is_parquet:
        con.execute("create or replace temp table rejects (unit bigint, error_type varchar, message varchar)")
    if not file.is_parquet and not con.execute(f"select 1 from rejects where error_type = '{TOO_LONG}'").fetchone():
        con.execute(
            f"""
            insert into starts
            with lines as (
                select row_number() over () as line, text,
                    length(coalesce(text, '')) - length(replace(coalesce(text, ''), '"', '')) as quotes
                from read_csv({quoted(file.path)}, auto_detect = false, header = false, delim = '\x01', quote = '',
                    escape = '', columns = {{'text': 'VARCHAR'}}, strict_mode = false, null_padding = true)
            ), open as (
                select *, sum(quotes) over (rows between unbounded preceding and current row) - quotes as before from lines
            ), units as (
                select line, text, row_number() over () as unit from open where before % 2 = 0
            )
            select unit, line, row_number() over () - {headers} as record from units where coalesce(text, '') <> ''
            """
        )
    con.execute(
        """
        create or replace temp table numbered_rejects as
        select rejects.unit, coalesce(starts.record, rejects.unit - 1) as record, coalesce(starts.line, rejects.unit) as line
        from rejects left join starts on starts.unit = rejects.unit
        """
    )
    con.execute(
        "create or replace temp table shifts as select record - rank as threshold, rank as shift"
        " from (select record, row_number() over (order by record) as rank from numbered_rejects)"
    )


def _collect(con: duckdb.DuckDBPyConnection, contract: Contract, parsed: Path, name: str, repeats: int) -> None:
    """The table `quarantined`: one row a bad row, whatever made it bad."""
    keys = ", ".join(contract.unique)
    key_text = " || '|' || ".join(f"coalesce(\"{column}\"::varchar, '')" for column in contract.unique) or "''"
    key_text = "null::varchar" if contract.private else key_text
    conflicts = (
        f"union all select _row, 'duplicate_key_conflict', {quoted(keys)}, {key_text} from read_parquet({quoted(parsed)}) as parsed"
        f" join repeats on repeats.key = {_key(contract)} where _row > 0 and contents > 1"
        if repeats
        else ""
    )
    rejects = (
        f"union all select record, line, case error_type when '{TOO_LONG}' then 'too_long' else 'wrong_field_count' end,"
        " null, nullif(regexp_extract(message, 'Expected Number of Columns: \\d+ Found: \\d+'), '')"
        " from numbered_rejects join rejects using (unit)"
    )
    has_rejects = con.execute("select count(*) from numbered_rejects").fetchone()[0]
    con.execute(
        f"""
        create or replace temp table quarantined as
        with judged as (
            select * from bad {conflicts}
        ), renumbered as (
            select judged.record + coalesce(shift, 0) as record, rule, column_name, value
            from judged asof left join shifts on judged.record > shifts.threshold
        ), placed as (
            select renumbered.record, coalesce(line, renumbered.record + 1) as line, rule, column_name, value
            from renumbered left join starts on starts.record = renumbered.record
            {rejects if has_rejects else ""}
        )
        select {quoted(name)} as file, line::bigint as line, record::bigint as record, column_name as "column", rule, value
        from placed
        """
    )


def _counts(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    counts = {}
    for rule, rows in con.execute("select rule, count(*) from quarantined group by rule").fetchall():
        examples = con.execute(
            'select line, "column", value from quarantined where rule = ? order by line, record limit ?', [rule, SAMPLE]
        ).fetchall()
        shown = [{"line": line, "column": column, "value": value} for line, column, value in examples]
        counts[rule] = (rows, json.dumps(shown, ensure_ascii=False))
    return dict(sorted(counts.items(), key=lambda item: RULES.index(item[0])))


def _write_good(
    con: duckdb.DuckDBPyConnection, contract: Contract, parsed: Path, target: Path, repeats: int, shifted: bool
) -> int:
    """Keeps the good rows, one of each repeated key, with `_row` counting rejected records too."""
    good = f"select * from read_parquet({quoted(parsed)}) where _row > 0"
    if repeats:
        good = (
            f"select parsed.* from ({good}) as parsed left join repeats on repeats.key = {_key(contract)}"
            " where repeats.key is null or (contents = 1 and _row = first_row)"
        )
    if shifted:
        good = (
            f"select good.* replace (_row + coalesce(shift, 0) as _row) from ({good}) as good"
            " asof left join shifts on good._row > shifts.threshold"
        )
    (rows,) = con.execute(
        f"copy (select * from ({good}) order by _row) to {quoted(target)} (format parquet, compression zstd)"
    ).fetchone()
    parsed.unlink()
    return rows
