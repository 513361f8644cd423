"""The world's calendar: its as-of day, its months, its fiscal quarters.

Months are numbered from the first month of claim lines; negative numbers lie before it, and the months from
`AS_OF_MONTH + 1` on belong to the sealed future.
"""

from datetime import date

import numpy as np
import pandas as pd

AS_OF = date(2026, 6, 30)
FIRST_MONTH = pd.Timestamp(2023, 7, 1)
OBSERVED_MONTHS = 36
FUTURE_MONTHS = 12
MONTHS = OBSERVED_MONTHS + FUTURE_MONTHS
AS_OF_MONTH = OBSERVED_MONTHS - 1
DELIVERY_DAY = 25
FISCAL_YEAR_START_MONTH = 5

SEASON = np.array([0.97, 0.96, 1.04, 1.02, 1.01, 1.00, 0.90, 0.96, 0.99, 1.07, 1.06, 1.02])


def month_start(month: np.ndarray | int) -> np.ndarray:
    """First day of each numbered month, as datetime64[D]."""
    first = np.datetime64(FIRST_MONTH.strftime("%Y-%m"), "M")
    return (first + np.asarray(month)).astype("datetime64[M]").astype("datetime64[D]")


def month_number(day: np.ndarray) -> np.ndarray:
    """Number of the month that holds each day."""
    first = np.datetime64(FIRST_MONTH.strftime("%Y-%m"), "M")
    return (np.asarray(day).astype("datetime64[M]") - first).astype(int)


def fiscal_quarter(day: np.ndarray) -> np.ndarray:
    """First day of the fiscal quarter that holds each day."""
    months = np.asarray(day).astype("datetime64[M]")
    offset = (months.astype(int) % 12 - (FISCAL_YEAR_START_MONTH - 1)) % 3
    return (months - offset).astype("datetime64[D]")


def as_of_day() -> np.datetime64:
    """The as-of day as numpy knows it."""
    return np.datetime64(AS_OF, "D")


def weekdays(day: np.ndarray) -> np.ndarray:
    """Move weekend days to the Monday after."""
    return np.busday_offset(np.asarray(day).astype("datetime64[D]"), 0, roll="forward")
