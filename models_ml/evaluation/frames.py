"""Frames with promised columns: what goes in is read leniently, what goes out is typed strictly.

Seven types are known: text, int, num, date, ts, bool and json (text that holds JSON). A frame without rows keeps its
types, so that an empty table is still a table.
"""

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa

DTYPES = {
    "text": "string",
    "json": "string",
    "int": "Int64",
    "num": "float64",
    "bool": "boolean",
    "date": pd.ArrowDtype(pa.date32()),
    "ts": "datetime64[us]",
}


def as_numbers(values: pd.Series) -> pd.Series:
    """Floats, whatever the column held (decimals, nullable integers, text); what is no finite number is NaN."""
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    return numbers.where(np.isfinite(numbers))


def as_dates(values: pd.Series) -> pd.Series:
    """Midnights without a time zone, from dates, timestamps or ISO text; what is no date is NaT."""
    return pd.to_datetime(values, errors="coerce").astype("datetime64[us]")


def timestamp(day: dt.date | np.datetime64) -> pd.Timestamp:
    """A day as pandas counts it; what is no day is an error."""
    stamp = pd.Timestamp(day)
    if not isinstance(stamp, pd.Timestamp):
        raise ValueError("a day is needed, not NaT")
    return stamp


def conform(frame: pd.DataFrame, types: dict[str, str]) -> pd.DataFrame:
    """The promised columns in the promised order and types; a missing one is an error, one too many is dropped."""
    missing = [column for column in types if column not in frame.columns]
    if missing:
        raise KeyError(f"columns missing from the result: {', '.join(missing)}")
    columns = {column: _typed(frame[column], kind) for column, kind in types.items()}
    return pd.DataFrame(columns, columns=list(types)).reset_index(drop=True)


def typed_empty(outputs: dict[str, dict[str, str]]) -> dict[str, pd.DataFrame]:
    """Each table of a package's `OUTPUTS` without rows."""
    return {
        table: pd.DataFrame({column: pd.Series(dtype=DTYPES[kind]) for column, kind in types.items()})
        for table, types in outputs.items()
    }


def _typed(values: pd.Series, kind: str) -> pd.Series:
    if kind == "num":
        return pd.to_numeric(values).astype("float64")
    if kind == "date":
        return as_dates(values).dt.date.astype(DTYPES["date"])
    if kind == "ts":
        return as_dates(values)
    return values.astype(DTYPES[kind])
