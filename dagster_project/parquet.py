"""Crossing a floor: frames and queries written to Parquet under a temporary name and renamed, and read back.

Belongs here: the write-then-rename of single files with a declared schema. Not here: what the files mean.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:  # frames are the models' affair; the border, which writes queries, starts without pandas
    import pandas as pd

ARROW_TYPES = {
    "text": pa.string(),
    "json": pa.string(),
    "int": pa.int64(),
    "num": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "ts": pa.timestamp("us"),
}


def write_frame(frame: pd.DataFrame, types: Mapping[str, str], path: Path) -> int:
    """Write `frame` with exactly the columns and types declared in `types`; returns the number of rows.

    Raises `KeyError` where a declared column is absent and `pyarrow.ArrowInvalid` where a value does not fit its type.
    """
    schema = pa.schema([(name, ARROW_TYPES[kind]) for name, kind in types.items()])
    table = pa.Table.from_pandas(frame[list(types)], schema=schema, preserve_index=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    pq.write_table(table, part, compression="zstd")
    os.replace(part, path)
    return table.num_rows


def write_query(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write the result of `query` to `path`; returns the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    connection.execute(f"copy ({query}) to {quoted(part)} (format parquet, compression zstd)")
    rows = pq.read_metadata(part).num_rows
    os.replace(part, path)
    return rows


def read_frame(path: Path) -> pd.DataFrame:
    """Read one Parquet file; dates and times become pandas timestamps."""
    return pq.read_table(path).to_pandas(date_as_object=False)


def quoted(value: object) -> str:
    """A value as an SQL string literal: names and paths are data, never SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def named(column: str) -> str:
    """A column name as an SQL identifier: what a file calls its columns is data too."""
    return '"' + column.replace('"', '""') + '"'
