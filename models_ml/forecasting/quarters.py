"""Fiscal quarters as consecutive whole numbers, for any first month of the fiscal year.

Quarter q begins in month 3 q + (first month - 1), counted from January 1970; a year of the company holds four of them.
"""

import datetime as dt

import numpy as np


def quarter_of(days: np.ndarray, first_month: int) -> np.ndarray:
    """The quarter that holds each day number; unknown days (NaN) fall into a quarter long before all others."""
    known = np.where(np.isnan(days), -1e5, days)
    months = np.floor(known).astype("int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    return (months - (first_month - 1)) // 3


def quarter_start(quarters: np.ndarray | int, first_month: int) -> np.ndarray:
    """The first day of each quarter as a day number."""
    months = np.asarray(quarters, dtype="int64") * 3 + (first_month - 1)
    return months.astype("datetime64[M]").astype("datetime64[D]").astype("int64").astype(float)


def as_date(day: float) -> dt.date:
    """The calendar date of a day number."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(np.floor(day)))


def day_number(day: dt.date) -> float:
    """The day number of a calendar date."""
    return float((day - dt.date(1970, 1, 1)).days)
