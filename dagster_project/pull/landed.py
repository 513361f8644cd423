"""The file of one object in the landing zone: what was pulled is merged into it, by DuckDB, under a name that the border ignores.

Belongs here: newest wins, deleted goes, one order. Not here: where the pages come from.
The same records give the same bytes, whether they came at once or one change at a time.
"""

import csv
import filecmp
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.parquet import named, quoted
from dagster_project.pull.faults import CrmError
from dagster_project.pull.plan import Table


@dataclass(frozen=True)
class Landed:
    """What the file holds now."""

    rows: int
    newest: str | None
    is_changed: bool


def header_of(path: Path) -> tuple[str, ...] | None:
    """The header of a landed file; None where there is none that can be read."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(next(csv.reader(file), ()))
    except (OSError, UnicodeDecodeError, csv.Error):
        return None


def rows_of(page: Path, columns: Sequence[str]) -> int:
    """Records of a page; raises `duckdb.Error` for a page that is no CSV of these columns."""
    with duckdb.connect() as con:
        return con.execute(f"select count(*) from {_reading([page], columns)}").fetchone()[0]


def land(folder: Path, table: Table, pages: list[Path], is_whole: bool, config: dict[str, Any]) -> Landed:
    """Writes `table` from its pages, on top of the landed file unless they are the whole; the file appears by one rename."""
    target = folder / table.file
    part = folder / f".{table.file}.part"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with duckdb.connect(config=config) as con:
            con.execute(f"create table merged as {_merged(table, None if is_whole else target, pages)}")
            newest = f"max({named(table.stamp)})" if table.stamp else "null"
            rows, last = con.execute(f"select count(*), {newest} from merged").fetchone()
            shown = ", ".join(named(column) for column in table.header)
            con.execute(
                f"copy (select {shown} from merged order by {named(table.key)}, all_columns) to {quoted(part)}"
                " (format csv, header true, force_quote *)".replace("all_columns", shown)
            )
    except duckdb.Error as error:
        part.unlink(missing_ok=True)
        is_memory = isinstance(error, duckdb.OutOfMemoryException)
        advice = "give it more by FIELDSCOPE_MEMORY_LIMIT" if is_memory else "pull it again with --full"
        said = str(error).splitlines()[0]
        raise CrmError(f"{target} could not be written ({type(error).__name__}: {said}); {advice}") from None
    if target.exists() and filecmp.cmp(part, target, shallow=False):
        part.unlink()
        return Landed(rows, last or None, False)
    os.replace(part, target)
    return Landed(rows, last or None, True)


def _merged(table: Table, before: Path | None, pages: list[Path]) -> str:
    """The rows of the newest version of each key, without the deleted ones where the file has no column that says so."""
    parts = [_empty(table)]
    if before is not None:
        parts.append(
            f"select {_values(table.columns, table.header)}, 0 as turn from {_reading([before], table.header)}"
        )
    if pages:
        parts.append(f"select {_values(table.columns, table.columns)}, 1 as turn from {_reading(pages, table.columns)}")
    newest = f"{named(table.stamp)} desc, " if table.stamp else ""
    hides_deleted = table.deleted is not None and table.deleted not in table.header
    return (
        f"select distinct {', '.join(map(named, table.header))} from ("
        f"select * from ({' union all '.join(parts)})"
        f" qualify rank() over (partition by {named(table.key)} order by {newest}turn desc) = 1)"
        + (f" where {named(table.deleted)} <> 'true'" if hides_deleted and table.deleted else "")
    )


def _empty(table: Table) -> str:
    return f"select {', '.join(f'cast(null as varchar) as {named(c)}' for c in table.columns)}, 0 as turn where false"


def _values(columns: Sequence[str], present: Sequence[str]) -> str:
    return ", ".join(
        f"coalesce({named(column)}, '') as {named(column)}" if column in present else f"'' as {named(column)}"
        for column in columns
    )


def _reading(paths: list[Path], columns: Sequence[str]) -> str:
    types = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns)
    files = ", ".join(quoted(path) for path in paths)
    return (
        f"read_csv([{files}], columns = {{{types}}}, header = true, auto_detect = false, delim = ',', quote = '\"',"
        " escape = '\"', parallel = false)"
    )
