"""Which territories lie too far below what was expected, and the sentence that says so.

Not here: how the expectation comes about (yardstick), nor teams (managers).
"""

import numpy as np
import pandas as pd

from models_ml.evaluation import benjamini_hochberg
from models_ml.territories.yardstick import Case, expectation

FLAGGED_AT = 0.10
FEWEST_TERRITORIES = 6
MOST_OUTLIERS = 6


def judge(year: pd.DataFrame) -> pd.DataFrame:
    """The verdicts of one year."""
    verdicts = year.assign(
        expected_usd=np.nan, lower_usd=np.nan, upper_usd=np.nan, p_value=np.nan, q_value=np.nan, scale=np.nan,
        is_underperforming=pd.array([pd.NA] * len(year), dtype="boolean"), why=year["reason"],
    )  # fmt: skip
    judged = np.flatnonzero(year["reason"] == "")
    if len(judged) < FEWEST_TERRITORIES:
        text = f"Cannot tell: {len(judged)} territories can be compared; {FEWEST_TERRITORIES} are needed."
        verdicts.loc[year["reason"] == "", "why"] = text
        return verdicts
    half_order = year["observed_usd"].sum() / max(year["orders"].sum(), 1) / 2
    every = _case(year, half_order)
    outliers = judged[_outliers(_rows(every, judged))]
    sound = np.setdiff1d(judged, outliers)
    for row in np.flatnonzero(year["potential_usd"] > 0):
        told = expectation(_rows(every, sound[sound != row]), every.design[row], every.shape[row])
        lower, upper = (max(bound - half_order, 0.0) for bound in told.interval())
        columns = ["expected_usd", "lower_usd", "upper_usd"]
        verdicts.loc[verdicts.index[row], columns] = [max(np.exp(told.centre) - half_order, 0.0), lower, upper]
        if row in judged:
            verdicts.loc[verdicts.index[row], "p_value"] = told.tail(every.outcome[row])
    verdicts["q_value"] = benjamini_hochberg(verdicts["p_value"].to_numpy())
    rows = verdicts.index[judged]
    verdicts.loc[rows, "is_underperforming"] = verdicts.loc[rows, "q_value"].to_numpy() <= FLAGGED_AT
    verdicts.loc[rows, "why"] = [_sentence(row) for row in verdicts.loc[rows].itertuples()]
    return verdicts


def _case(year: pd.DataFrame, half_order: float) -> Case:
    potential = np.maximum(year["potential_usd"].to_numpy(), 1.0)
    calls = np.maximum(year["calls"].to_numpy(), 1.0)
    seat = np.maximum(year["months_in_seat"].to_numpy(), 1.0)
    design = np.column_stack([np.log(potential), np.log(calls), np.minimum(12 / seat, 1.0)])
    share = year["observed_usd"].sum() / max(year["potential_usd"].sum(), 1.0)
    return Case(year["observed_usd"].to_numpy() + half_order, design, 1 / _chance(year, share, half_order))


def _chance(year: pd.DataFrame, share: float, half_order: float) -> np.ndarray:
    """Squared coefficient of variation of a territory's orders: some providers buy, others do not, and orders come one by one."""
    squares = year["potential_squares"].sum()
    own = year["provider_orders_usd"].sum() / max(year["potential_usd"].sum(), 1.0)
    spread = year["orders_squares"].sum() - 2 * own * year["potential_by_orders"].sum() + own**2 * squares
    per_square = max(spread, 0.0) / squares if squares > 0 else 0.0
    expected = np.maximum(share * year["potential_usd"].to_numpy(), half_order / 4)
    by_provider = per_square * year["potential_squares"].to_numpy() * 1e12 / expected**2
    return np.clip(by_provider + 2 * half_order / expected, 1e-4, 20.0)


def _outliers(case: Case) -> np.ndarray:
    """Rosner's way: the lowest is set aside and the next judged without it, so that several do not hide each other."""
    n = len(case.outcome)
    aside: list[int] = []
    found = 0
    for step in range(1, min(n // 4, MOST_OUTLIERS) + 1):
        left = np.setdiff1d(np.arange(n), aside)
        tails = [
            expectation(case.without(np.array([*aside, row])), case.design[row], case.shape[row]).tail(
                case.outcome[row]
            )
            for row in left
        ]
        lowest = int(np.argmin(tails))
        aside.append(int(left[lowest]))
        if tails[lowest] * n <= FLAGGED_AT:
            found = step
    return np.array(aside[:found], dtype=int)


def _rows(case: Case, rows: np.ndarray) -> Case:
    return Case(case.outcome[rows], case.design[rows], case.shape[rows])


def _sentence(row) -> str:
    """The verdict with its numbers."""
    if row.is_underperforming:
        opening = "Below what it should take"
    elif row.observed_usd < row.lower_usd:
        opening = "Low, but among so many territories this may be chance"
    else:
        opening = "Within what chance explains"
    return (
        f"{opening}: {row.observed_usd:,.0f} USD of orders in the {row.window_months} months to {row.month:%B %Y} against"
        f" {row.expected_usd:,.0f} expected (90 % between {row.lower_usd:,.0f} and {row.upper_usd:,.0f}) of"
        f" a market of {row.potential_usd:,.0f} USD a year, {row.calls:,.0f} kept calls and a rep"
        f" {row.months_in_seat:.0f} months in seat (p {row.p_value:.2g}, q {row.q_value:.2g})."
    )
