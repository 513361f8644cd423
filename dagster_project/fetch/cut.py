"""Cuts a whole file down to the rows of some states, value for value, under the publisher's own header.

Belongs here: the cut of a CSV that lies here. Not here: rows asked for one by one (`rows`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.fetch.portal import FetchError, NoRows
from dagster_project.ingest.decode import FileFault, opened
from dagster_project.ingest.reader import LONGEST_RECORD
from dagster_project.ingest.recognise import normal
from dagster_project.parquet import named, quoted


def cut(
    source: Path, target: Path, columns: str, states: tuple[str, ...], scratch: Path, config: dict[str, Any]
) -> int:
    """Writes the rows in which a column whose name matches `columns` holds one of the states; returns how many."""
    try:
        with opened(source, scratch, (",",)) as file, duckdb.connect(config=config) as con:
            telling = [f"c{i}" for i, name in enumerate(file.header) if re.fullmatch(columns, normal(name), re.I)]
            if not telling:
                raise FetchError(f"no column of {source.name} tells a state ({columns}); fetch it without --states")
            wanted = ", ".join(quoted(state) for state in states)
            is_wanted = " or ".join(f"upper(trim({column})) in ({wanted})" for column in telling)
            names = ", ".join(f"c{i} as {named(name)}" for i, name in enumerate(file.header))
            types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(file.header)))
            rows = (
                f"read_csv({quoted(file.path)}, auto_detect = false, header = true, delim = ',', quote = '\"',"
                f" escape = '\"', columns = {{{types}}}, max_line_size = {LONGEST_RECORD})"
            )
            copy = f"copy (select {names} from {rows} where {is_wanted}) to {quoted(target)} (format csv, header)"
            found = con.execute(copy).fetchone()[0]
    except (duckdb.Error, FileFault) as error:
        said = str(error).splitlines()[0]
        raise FetchError(f"{source.name} cannot be cut by states ({said}); fetch it without --states") from error
    if not found:
        raise NoRows(source.name, states)
    return found
