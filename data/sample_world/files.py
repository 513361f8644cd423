"""Writing tables as the publishers do: CSV in any separator, encoding and line end, gzip, Parquet.

Same table, same bytes; no content is decided here.
"""

import gzip
import tempfile
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """One engine for all files of a process; a single thread keeps the order of rows."""
    return duckdb.connect(config={"threads": 1})


def to_arrow(frame: pd.DataFrame, columns: list[str] | None = None) -> pa.Table:
    """The frame as an Arrow table with exactly the given columns; what the frame lacks is empty."""
    names = list(frame.columns) if columns is None else columns
    return pa.table({name: _column(frame, name) for name in names})


def _column(frame: pd.DataFrame, name: str) -> pa.Array:
    if name not in frame.columns:
        return pa.nulls(len(frame), pa.string())
    values = frame[name]
    if values.dtype == object:
        return pa.array(values.to_numpy(), type=pa.string(), from_pandas=True)
    if values.dtype.kind == "M":
        return pa.array(values.to_numpy().astype("datetime64[D]"), type=pa.date32(), from_pandas=True)
    return pa.array(values, from_pandas=True)


def write_csv(
    path: Path, frame: pd.DataFrame, columns: list[str] | None = None, *,
    separator: str = ",", encoding: str = "utf-8", line_end: str = "\n", header: bool = True,
) -> int:  # fmt: skip
    """Write one CSV file (gzip by its suffix) and return its rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = to_arrow(frame, columns)
    is_plain = encoding == "utf-8" and line_end == "\n" and path.suffix != ".gz"
    connection = _connection()
    connection.register("rows", table)
    with tempfile.TemporaryDirectory() as folder:
        target = path if is_plain else Path(folder) / "rows.csv"
        connection.execute(f"copy rows to '{target}' (format csv, header {header}, delimiter '{separator}')")
        if not is_plain:
            text = target.read_text(encoding="utf-8").replace("\n", line_end)
            content = text.encode(encoding, errors="replace")
            path.write_bytes(gzip.compress(content, compresslevel=5, mtime=0) if path.suffix == ".gz" else content)
    return len(frame)


def write_parquet(path: Path, frame: pd.DataFrame, columns: list[str] | None = None) -> int:
    """Write one Parquet file and return its rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(to_arrow(frame, columns), path, compression="zstd")
    return len(frame)


def us_dates(day: np.ndarray) -> np.ndarray:
    """Days as MM/DD/YYYY text, empty where there is none."""
    iso = np.asarray(day).astype("datetime64[D]")
    unique, inverse = np.unique(iso, return_inverse=True)
    text = [None if np.isnat(d) else f"{str(d)[5:7]}/{str(d)[8:10]}/{str(d)[:4]}" for d in unique]
    return np.asarray(text, dtype=object)[inverse]


def iso_dates(day: np.ndarray) -> np.ndarray:
    """Days as YYYY-MM-DD text, empty where there is none."""
    iso = np.asarray(day).astype("datetime64[D]")
    return np.where(np.isnat(iso), None, iso.astype(str).astype(object))


def iso_times(moment: np.ndarray) -> np.ndarray:
    """Moments as Salesforce exports them, in UTC."""
    iso = np.asarray(moment).astype("datetime64[s]")
    return np.where(np.isnat(iso), None, np.char.add(iso.astype(str), ".000+0000").astype(object))
