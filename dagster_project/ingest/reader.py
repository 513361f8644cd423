"""Reads one recognised file with DuckDB, in one pass: every field as text, typed and judged in SQL, written to Parquet.

Belongs here: the SQL of a file and its first pass. Does not belong here: what happens to bad rows (`quarantine`), which
files are read (`border`). No row passes through Python.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.ingest.contract import PROVENANCE, Column, Contract
from dagster_project.ingest.decode import FileFault, Opened
from dagster_project.ingest.names import Told
from dagster_project.ingest.recognise import Match
from dagster_project.parquet import named, quoted

LONGEST_RECORD = 2_000_000
# A column of more different words in a row group than this is stored as it is: looking each up cost a fifth of the writing.
PARQUET = "format parquet, compression zstd, dictionary_size_limit 1000"
FIRST = "data_0.parquet"
# Keeps a night of national files within a gigabyte; what is more goes to the spill folder.
MOST_MEMORY = "600MB"
# Rows held back until they are written: one row group of Parquet.
HELD_ROWS = 122_880


@dataclass(frozen=True)
class Plan:
    """The SQL of one file: `values` over the cells as read and the `steps` between, and `judged`, what is stored of each row."""

    match: Match
    steps: str
    values: str
    judged: str

    @property
    def contract(self) -> Contract:
        return self.match.contract

    def typed_again(self, bad: Path) -> str:
        """The bad rows of the first pass once more, each value beside its text as read."""
        cells = ", ".join(
            f"json_extract_string(_file, '$[{i}]') as {_quoted(column.name)}"
            for i, column in enumerate(self.contract.columns)
        )
        again = f"select _row as record, {cells} from read_parquet({quoted(bad)})"
        return f"select *, {self.values} from (select *{self.steps} from ({again}))"


@dataclass(frozen=True)
class Parsed:
    """What the first pass wrote: good rows and bad rows, each in its own file."""

    good: Path
    good_rows: int
    bad: Path
    bad_rows: int

    @property
    def rows(self) -> int:
        return self.good_rows + self.bad_rows


def connect(config: dict, key: bytes) -> duckdb.DuckDBPyConnection:
    """A connection of its own that keeps the order of the file and knows the key of the patient identifiers."""
    con = duckdb.connect(config=config)
    con.execute("set enable_progress_bar = false")
    con.execute("set preserve_insertion_order = true")
    # Each file passes through the same place in the scratch folder: bytes kept of the one before were read as the next one's.
    con.execute("set enable_external_file_cache = false")
    con.execute(f"set partitioned_write_flush_threshold = {HELD_ROWS}")
    least = (
        f"least(parse_formatted_bytes(current_setting('memory_limit')), parse_formatted_bytes({quoted(MOST_MEMORY)}))"
    )
    con.execute(f"set memory_limit = '{con.execute(f'select {least}').fetchone()[0]}B'")
    con.execute(f"set variable person_salt = {quoted(key.hex())}")
    return con


def plan(file: Opened, match: Match, name: str, told: Told) -> Plan:
    """The SQL that reads `file` as `match` says; `name` and `told` become its provenance columns."""
    fields: dict[str, str] = {}

    def lookup(header: str) -> str | None:
        position = match.positions.get(header)
        if position is None:
            return None
        return fields.setdefault(f"c{position}", f"c{position}")

    columns = match.contract.columns
    texts = ", ".join(f'{_text(match, column.name, lookup)} as "{column.name}__text"' for column in columns)
    absent = {column.name for column in columns if _text(match, column.name, lookup) == "null"}
    values = ", ".join(
        f'cast({"null" if column.name in absent else _value(column)} as {column.kind.type}) as "{column.name}"'
        for column in columns
    )
    steps = "".join(
        f", {column.kind.step(_quoted(column.name))} as {_step(column.name)}"
        for column in columns
        if column.kind.step and column.name not in absent
    )
    values += f", {_number(told.period)} as told_period, {_date(told.released_on)} as told_released_on"
    lines = f"select {', '.join(['row_number() over () as record', *fields])} from {_scan(file, match)}"
    notice = f" where not coalesce({match.contract.notice}, false)" if match.contract.notice else ""
    typed = f"select *, {values} from (select *{steps} from (select record, {texts} from ({lines}))){notice}"
    period = (
        f"coalesce({match.contract.period}, {_number(told.period)})" if match.contract.period else _number(told.period)
    )
    cells = ", ".join(f"{_quoted(column.name)}::varchar" for column in columns)
    provenance = {
        # A bad row is on its way to quarantine, which judges it by its cells: they take the place of the file's name.
        "_file": f"case when is_bad then to_json([{cells}])::varchar else {quoted(name)} end",
        "_row": "record",
        "_period": period,
        "_release": quoted(told.release) if told.release else "null",
        "_released_on": _date(told.released_on),
    }
    stored = [f'"{column.name}"' for column in match.contract.columns]
    stored += [f"cast({sql} as {PROVENANCE[column]}) as {column}" for column, sql in provenance.items()]
    # As a `case`, DuckDB stops at the first rule that decides; elsewhere it works out what two rules share for every row.
    judged = f"select *, case when {match.contract.faulty} then true else false end as is_bad from ({typed})"
    return Plan(match, steps, values, f"select {', '.join(stored)}, is_bad from ({judged})")


def first_pass(con: duckdb.DuckDBPyConnection, plan: Plan, folder: Path) -> Parsed:
    """Writes every parsed row, the bad ones apart, so that a file with a few bad rows is not written twice."""
    forget_rejects(con)
    shutil.rmtree(folder, ignore_errors=True)
    sql = f"copy ({plan.judged}) to {quoted(folder)} ({PARQUET}, partition_by (is_bad), return_stats)"
    threads = con.execute("select current_setting('threads')").fetchone()[0]
    # Numbering the records keeps their order, so a second thread would only spin: it doubled the CPU time.
    con.execute("set threads = 1")
    try:
        written = con.execute(sql).fetchall()
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        first = " ".join(str(error).splitlines()[0].split())
        raise FileFault("unreadable", f"the rows cannot be told apart ({first}); export the file again") from error
    finally:
        con.execute(f"set threads = {threads}")
    rows = {Path(path).parent.name: count for path, count, *_ in written}
    good, bad = (folder / f"is_bad={is_bad}" for is_bad in ("false", "true"))
    if good.name not in rows:
        good.mkdir(parents=True)
        empty(con, plan.contract, good / FIRST)
    return Parsed(good / FIRST, rows.get(good.name, 0), bad / FIRST, rows.get(bad.name, 0))


def write_document(
    con: duckdb.DuckDBPyConnection, contract: Contract, row: dict[str, Any], name: str, target: Path
) -> None:
    """A hand-kept document as a table of one row."""
    values = ", ".join(f'cast(? as {column.kind.type}) as "{column.name}"' for column in contract.columns)
    provenance = {"_file": quoted(name), "_row": "1"}
    told = ", ".join(
        f"cast({provenance.get(column, 'null')} as {type_}) as {column}" for column, type_ in PROVENANCE.items()
    )
    con.execute(
        f"copy (select {values}, {told}) to {quoted(target)} (format parquet, compression zstd)",
        [row[column.name] for column in contract.columns],
    )


def forget_rejects(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("drop table if exists reject_errors; drop table if exists reject_scans")


def empty(con: duckdb.DuckDBPyConnection, contract: Contract, target: Path) -> None:
    """A file with the full schema and no row."""
    columns = ", ".join(f'null::{type_} as "{name}"' for name, type_ in contract.types.items())
    con.execute(f"copy (select {columns} limit 0) to {quoted(target)} (format parquet)")


def _scan(file: Opened, match: Match) -> str:
    if file.is_parquet:
        names = ", ".join(f"{named(field)}::varchar as c{i}" for i, field in enumerate(file.header))
        return f"(select {names} from read_parquet({quoted(file.path)}))"
    width = len(match.layout.signature) if match.layout.is_headerless else len(file.header)
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    header = "false" if match.layout.is_headerless else "true"
    return (
        f"read_csv({quoted(file.path)}, auto_detect = false, header = {header}, delim = {quoted(file.separator)},"
        f" quote = '\"', escape = '\"', columns = {{{columns}}}, max_line_size = {LONGEST_RECORD}, store_rejects = true)"
    )


def _text(match: Match, column: str, lookup) -> str:
    origin = match.layout.headers.get(column, ())
    if not isinstance(origin, str | tuple):
        return origin(lookup)
    for header in (origin,) if isinstance(origin, str) else origin:
        if found := lookup(header):
            return found
    return "null"


def _quoted(column: str) -> str:
    return f'"{column}__text"'


def _step(column: str) -> str:
    return f'"{column}__step"'


def _value(column: Column) -> str:
    if column.kind.from_step:
        return column.kind.from_step(_quoted(column.name), _step(column.name))
    return column.kind.value(_quoted(column.name))


def _number(value: int | None) -> str:
    return "null::bigint" if value is None else f"{value}::bigint"


def _date(value: date | None) -> str:
    return f"date '{value.isoformat()}'" if value else "null::date"
