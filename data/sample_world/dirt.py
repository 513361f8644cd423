"""What goes wrong in real files, at realistic rates: far below what a contract forgives.

Faults of rows only; encodings, line ends and file names are set where the file is written.
"""

import numpy as np
import pandas as pd

from sample_world.files import iso_dates
from sample_world.identifiers import break_check_digit
from sample_world.streams import stream


def spoil(
    seed: int, name: str, table: pd.DataFrame, *, share: float = 0.002, npi: str | None = None, number: str | None = None,
    count: str | None = None, suppressed: str | None = None, day: str | None = None, negative: str | None = None,
    conflict: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Spoil a share of the rows once for each named column: check digit, text in numbers, broken dates, `*`.

    The same share of rows comes twice; with `conflict`, half of these repeats contradict the first in that column.
    """
    rng = stream(seed, "dirt", name)
    table = table.reset_index(drop=True)
    size = max(1, round(len(table) * share)) if len(table) > 20 else 0
    for column, fault in ((npi, break_check_digit), (number, _text_in_number), (count, _not_a_count),
                          (suppressed, _asterisk), (day, _no_such_day), (negative, _below_zero)):  # fmt: skip
        if column is None:
            continue
        is_day = table[column].dtype.kind == "M"
        source = pd.Series(iso_dates(table[column].to_numpy())) if is_day else table[column]
        values = source.astype(object).to_numpy(copy=True)
        for row in rng.choice(len(table), size=size, replace=False):
            if not pd.isna(values[row]):
                values[row] = fault(str(values[row]))
        table[column] = np.array([_as_text(v) for v in values], dtype=object)
    if size:
        again = table.iloc[np.sort(rng.choice(len(table), size=size, replace=False))].copy()
        if conflict is not None:
            again.iloc[: size // 2, again.columns.get_loc(conflict)] = "77.77"
        table = pd.concat([table, again], ignore_index=True)
    return table


def _as_text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)


def _text_in_number(value: str) -> str:
    return "see note"


def _not_a_count(value: str) -> str:
    return f"{value}O"


def _asterisk(value: str) -> str:
    return "*"


def _no_such_day(value: str) -> str:
    return "02/30/2025" if "/" in value else f"2025-02-30{value[10:]}"


def _below_zero(value: str) -> str:
    return f"-{value}"
