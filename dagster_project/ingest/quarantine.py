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
from dagster_project.ingest.reader import PARQUET, Parsed, Plan
from dagster_project.parquet import quoted

SAMPLE = 3
TOO_LONG = "LINE SIZE OVER MAXIMUM"
MOST_NAMED = 1000


@dataclass(frozen=True)
class Outcome:
    """Rows stored and, by rule, how many were quarantined with a few examples as JSON."""

    rows: int
    quarantined: dict[str, tuple[int, str]] = field(default_factory=dict)
    repeated: int = 0


def settle(
    con: duckdb.DuckDBPyConnection, plan: Plan, file: Opened, parsed: Parsed, name: str, target: Path, aside: Path
) -> Outcome:
    """Turns the first pass `parsed` into the version `target`; bad rows go to `aside`. Raises `FileFault` where there is nothing to judge."""
    contract = plan.contract
    rejects = _rejects(con, plan, file, parsed)
    repeats = _repeats(con, contract, parsed) if parsed.good_rows else 0
    if not (parsed.rows or rejects or contract.allows_no_rows):
        raise FileFault("no_rows", "the file has a header and no row; export it again")
    conflicts = (
        con.execute("select coalesce(sum(copies), 0) from repeats where contents > 1").fetchone()[0] if repeats else 0
    )
    total, broken = parsed.rows + rejects, rejects + parsed.bad_rows + conflicts
    if broken:
        _find_bad(con, plan, parsed)
        _number_lines(con, plan, file, parsed)
        _collect(con, contract, name, conflicts)
        aside.parent.mkdir(parents=True, exist_ok=True)
        con.execute(f"copy (select * from quarantined order by line, record) to {quoted(aside)} ({PARQUET})")
    rows = _keep_good(con, parsed, target, repeats, rejects)
    return Outcome(rows, _counts(con) if broken else {}, total - broken - rows)


def _rejects(con: duckdb.DuckDBPyConnection, plan: Plan, file: Opened, parsed: Parsed) -> int:
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
        _number_lines(con, plan, file, parsed)
        line = con.execute("select line from numbered_rejects where unit = ?", [first_open]).fetchone()[0]
        raise FileFault("unclosed_quote", f"a quote opens in line {line} and never closes; mend that line", line)
    return count


def _repeats(con: duckdb.DuckDBPyConnection, contract: Contract, parsed: Parsed) -> int:
    """Rows beyond the first of each unique key, into the tables `repeated` (rows) and `repeats` (keys)."""
    if not contract.unique:
        return 0
    key = "hash(" + ", ".join(f'"{column}"' for column in contract.unique) + ")"
    key_text = " || '|' || ".join(f"coalesce(\"{column}\"::varchar, '')" for column in contract.unique)
    content = ", ".join(f'"{column.name}"' for column in contract.columns)
    good = f"read_parquet({quoted(parsed.good)})"
    con.execute(
        f"create or replace temp table repeated_keys as select key from (select {key} as key from {good})"
        " group by key having count(*) > 1"
    )
    if not con.execute("select count(*) from repeated_keys").fetchone()[0]:
        return 0
    con.execute(
        f"create or replace temp table repeated as select _row, {key} as key, hash({content}) as content,"
        f" {'null::varchar' if contract.private else key_text} as key_text"
        f" from {good} where {key} in (select key from repeated_keys)"
    )
    con.execute(
        "create or replace temp table repeats as select key, min(_row) as first_row, count(*) as copies,"
        " count(distinct content) as contents from repeated group by key"
    )
    return con.execute("select sum(copies - 1)::bigint from repeats").fetchone()[0]


def _find_bad(con: duckdb.DuckDBPyConnection, plan: Plan, parsed: Parsed) -> None:
    """The table `bad`: number among the parsed records, rule, column and value of the first rule that each row breaks."""
    con.execute("create or replace temp table bad (record bigint, rule varchar, column_name varchar, value varchar)")
    if not parsed.bad_rows:
        return
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
        f"insert into bad select record, [{rules}][which + 1], [{columns}][which + 1], {value}"
        f" from (select *, case {which} end as which from ({plan.typed_again(parsed.bad)}))"
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


def _number_lines(con: duckdb.DuckDBPyConnection, plan: Plan, file: Opened, parsed: Parsed) -> None:
    """The table `starts`: the true line in which each record begins, also after line breaks inside of quotes.

    DuckDB counts records, not lines; here the lines are read as they stand and a record begins where no quote is open.
    Beside a record too long to be read, in Parquet, and where a file has as many lines as records, records stand for lines.
    """
    headers = 0 if plan.match.layout.is_headerless else 1
    con.execute("create or replace temp table starts (unit bigint, line bigint, record bigint)")
    if file.is_parquet:
        con.execute("create or replace temp table rejects (unit bigint, error_type varchar, message varchar)")
    too_long = f"count(*) filter (error_type = '{TOO_LONG}')"
    rejects, unreadable = con.execute(f"select count(*), {too_long} from rejects").fetchone()
    is_one_a_line = bool(headers) and file.lines == headers + parsed.rows + rejects
    if not (file.is_parquet or unreadable or is_one_a_line):
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
        "create or replace temp table shifts as select record - rank as threshold, max(rank) as shift"
        " from (select record, row_number() over (order by record) as rank from numbered_rejects) group by threshold"
    )


def _collect(con: duckdb.DuckDBPyConnection, contract: Contract, name: str, conflicts: int) -> None:
    """The table `quarantined`: one row a bad row, whatever made it bad."""
    conflicting = (
        f"union all select _row, 'duplicate_key_conflict', {quoted(', '.join(contract.unique))}, key_text"
        " from repeated join repeats using (key) where contents > 1"
        if conflicts
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
            select * from bad {conflicting}
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


def _keep_good(con: duckdb.DuckDBPyConnection, parsed: Parsed, target: Path, repeats: int, rejects: int) -> int:
    """Keeps the good rows, one of each repeated key, with `_row` counting rejected records too."""
    # Lines that were cut off at the end of a file shift no row.
    shifted = rejects and con.execute("select count(*) from shifts where threshold < ?", [parsed.rows]).fetchone()[0]
    if not (repeats or shifted):
        os.replace(parsed.good, target)
        return parsed.good_rows
    source, order = f"(select * from read_parquet({quoted(parsed.good)}))", ""
    if repeats:
        source += (
            " as good anti join (select _row from repeated join repeats using (key)"
            " where contents > 1 or _row <> first_row) as surplus on good._row = surplus._row"
        )
    number = _shifted(con) if shifted else "_row"
    if number is None:
        number = "_row + coalesce(shift, 0)"
        source, order = f"(select * from {source}) as kept asof left join shifts on _row > threshold", " order by _row"
    copy = f"copy (select * {'exclude (threshold, shift) ' if order else ''}replace ({number} as _row) from {source}{order})"
    threads = con.execute("select current_setting('threads')").fetchone()[0]
    # One thread that looks each row up in the few to be dropped gives the same file each time without sorting it.
    con.execute("set threads = 1")
    con.execute("set disabled_optimizers = 'build_side_probe_side'")
    try:
        (rows,) = con.execute(f"{copy} to {quoted(target)} ({PARQUET})").fetchone()
    finally:
        con.execute("set disabled_optimizers = ''")
        con.execute(f"set threads = {threads}")
    return rows


def _shifted(con: duckdb.DuckDBPyConnection) -> str | None:
    """SQL of the number of a row that counts the rejected records before it; None where they are too many to be named."""
    shifts = con.execute("select threshold, shift from shifts order by threshold").fetchall()
    if len(shifts) > MOST_NAMED:
        return None

    def passed(first: int, last: int) -> str:
        """The shift of the last threshold that lies below the row, by halving."""
        if first == last:
            return str(shifts[first - 1][1] if first else 0)
        middle = (first + last) // 2
        below, above = passed(first, middle), passed(middle + 1, last)
        return f"case when _row <= {shifts[middle][0]} then {below} else {above} end"

    return f"_row + {passed(0, len(shifts))}"
