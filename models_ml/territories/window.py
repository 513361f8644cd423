"""The year to be judged: one row a territory, with the reason why it is not judged where it is not.

Not here: any estimate.
"""

import datetime as dt

import numpy as np
import pandas as pd

from models_ml.evaluation import as_dates, as_numbers, timestamp

WHOLE_YEAR = 12
SHORTEST_WINDOW = 6
NUMBERS = (
    "reps_in_seat", "months_in_seat", "orders", "orders_usd", "calls", "potential_usd", "potential_squares", "potential_by_orders",
    "orders_squares", "provider_orders_usd",
)  # fmt: skip


def last_year(territory_months: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Sums over the twelve newest months that are over, or as many as there have been orders."""
    months = territory_months.assign(month=as_dates(territory_months["month"]))
    for column in NUMBERS:
        months[column] = as_numbers(months[column]).fillna(0.0)
    months = months[months["month"] + pd.offsets.MonthEnd(0) <= timestamp(as_of)]
    if months.empty:
        return pd.DataFrame()
    newest = months["month"].max()
    ordered = months.loc[months["orders"] > 0, "month"]
    start = newest - pd.DateOffset(months=WHOLE_YEAR - 1)
    if len(ordered):
        start = max(start, ordered.min())
    window = months[months["month"] >= start].sort_values(["territory_id", "month"])
    by_territory = window.groupby("territory_id", sort=True)
    year = by_territory.agg(
        observed_usd=("orders_usd", "sum"), orders=("orders", "sum"), calls=("calls", "sum"),
        vacant_months=("reps_in_seat", lambda seats: int((seats == 0).sum())), reps=("rep_id", "nunique"),
        most_in_seat=("reps_in_seat", "max"),
    )  # fmt: skip
    now = window[window["month"] == newest].set_index("territory_id")
    for column in (*NUMBERS[5:], "reps_in_seat", "months_in_seat"):
        year[column] = now[column]
    for column in ("rep_id", "is_overlay", "is_served_from_elsewhere", "is_before_first_rep"):
        year[column] = now[column]
    year["month"] = newest
    year["window_months"] = (newest.year - start.year) * 12 + newest.month - start.month + 1
    year = year.reset_index()
    year["reason"] = _reasons(year)
    return year


def _reasons(year: pd.DataFrame) -> np.ndarray:
    """Why a territory is not judged, in the order in which a manager would ask; empty where it is judged."""
    months = year["window_months"]
    span = months.map(lambda n: f"{n} months")
    vacant = year["vacant_months"].astype(int).astype(str)
    seat = year["months_in_seat"].fillna(0).astype(int).astype(str)
    rules = [
        (_flag(year, "is_overlay"), "An overlay: it shares the providers of other territories, is in no sum and compared with none."),
        ((year["orders"].sum() == 0) | (months == 0), "Cannot tell: no activated order is known."),
        (months < SHORTEST_WINDOW, "Cannot tell: orders are known for " + span + " only; six are needed."),
        (year["potential_usd"] <= 0, "Cannot tell: no focus volume of its providers is known, so nothing can be expected of it."),
        (_flag(year, "is_served_from_elsewhere"), "Cannot tell: its rep serves another territory too, and the CRM does not tell whose work is whose."),
        (_flag(year, "is_before_first_rep"), "Vacant: nobody is known to have sat here yet."),
        (year["reps_in_seat"] == 0, "Vacant: nobody sits here; the seat stood empty in " + vacant + " of the " + span + "."),
        (year["vacant_months"] > 0, "Cannot tell: the seat stood empty in " + vacant + " of the " + span + "."),
        (year["most_in_seat"] > 1, "Cannot tell: several reps share the seat or handed it over within the " + span + "."),
        (year["reps"] > 1, "Cannot tell: the rep has been in seat for " + seat + " months, less than the " + span + " that are judged."),
        (year["months_in_seat"] < np.minimum(WHOLE_YEAR, months), "Cannot tell: the rep has been in seat for " + seat + " months, less than the " + span + " that are judged."),
    ]  # fmt: skip
    reason = pd.Series("", index=year.index)
    for applies, text in reversed(rules):
        reason = reason.mask(applies, text)
    return reason.to_numpy()


def _flag(year: pd.DataFrame, column: str) -> pd.Series:
    return year[column].astype("boolean").fillna(False).astype(bool)
