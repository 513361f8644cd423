"""What past days teach: who was at risk on each, and whose first order followed, as far as was known on the day of learning.

1. Days stand three months apart, and none lies before the first order on record: earlier windows are empty because nothing was recorded.
   Windows overlap, so an order is seen by several of them; each counts for its part.
2. The window of the newest days is still open on the day of learning. What it has shown by then is the newest there is, and in a market that turns
   the most telling: it speaks of who orders, and not of how many, because it has not shown all of them.
3. Of many providers without an order a random part is taken, each with the weight of those whom it stands for.

Not here: what is known of a provider on a day (`features`), what is fitted (`model`, `boosted`), which days are tested (`origins`).
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.evaluation import rolling_origins, timestamp
from models_ml.targeting.features import label, ordered_on

STEP_MONTHS = 3
STEP_DAYS = 91
# A window that has been open for less has shown next to nothing.
LEAST_OPEN = pd.Timedelta(days=STEP_DAYS // 2)
NEWEST_MONTHS = 11
MOST_ROWS = 40_000


@dataclass(frozen=True)
class Training:
    """Rows at risk with their outcome so far; `weight` undoes what sampling and overlapping windows do to their number."""

    rows: pd.DataFrame
    y: np.ndarray
    weight: np.ndarray
    is_open: np.ndarray

    @property
    def closed(self) -> "Training":
        """The rows whose whole window is known, from which alone it can be said how many order."""
        if not self.is_open.any():
            return self
        kept = ~self.is_open
        return Training(self.rows[kept].reset_index(drop=True), self.y[kept], self.weight[kept], self.is_open[kept])


def teaching_days(days: pd.Series, first_orders: pd.Series, as_of: dt.date, horizon_days: int) -> list[pd.Timestamp]:
    """The past days from which is learnt, oldest first: those whose window had closed by `as_of`, and behind them those whose is open."""
    today = timestamp(as_of)
    since = first_orders.min() if len(first_orders) else today
    teachable = days[(days >= since) & (days < today)]
    closed = rolling_origins(teachable, today, horizon_days, STEP_MONTHS, least_training=0)
    found = [origin.tested_on for origin in closed]
    for day in sorted(timestamp(day) for day in teachable.unique()) if found else []:
        if found[-1] + pd.DateOffset(months=STEP_MONTHS) - pd.Timedelta(days=3) <= day <= today - LEAST_OPEN:
            found.append(day)
    return found


def overlap_of(horizon_days: int) -> float:
    """How many windows see the same order."""
    return max(horizon_days / STEP_DAYS, 1.0)


def taught_by(
    snapshots: pd.DataFrame, first_orders: pd.Series, day: pd.Timestamp, horizon_days: int, random_state: int
) -> Training:
    """What the days before `day` teach on it; an order after it is not known."""
    past = snapshots[snapshots["snapshot_on"] <= day - LEAST_OPEN]
    at_risk, events = label(past, first_orders[first_orders <= day], horizon_days)
    rows = past[at_risk]
    is_open = (rows["snapshot_on"] + pd.Timedelta(days=horizon_days) > day).to_numpy()
    return sample(rows, events[at_risk], is_open, overlap_of(horizon_days), random_state)


def looking_back(everyone: pd.DataFrame, first_orders: pd.Series, since: pd.Timestamp) -> Training:
    """Where no window has closed yet: who ordered first within the last horizon, enough for a rate and a baseline."""
    first = ordered_on(everyone["npi"], first_orders)
    at_risk = (first.isna() | (first > since)).to_numpy()
    events = first.notna().to_numpy()[at_risk]
    return sample(everyone[at_risk], events, np.zeros(len(events), dtype=bool), 1.0, 0)


def sample(rows: pd.DataFrame, y: np.ndarray, is_open: np.ndarray, overlap: float, random_state: int) -> Training:
    """All events and, above 40,000 rows, a random part of the others, weighted by the inverse of their chance.

    An event is seen by `overlap` successive windows; a row therefore counts for 1 / `overlap`.
    """
    weight = rows["weight"].to_numpy(dtype=float) / overlap
    if len(y) <= MOST_ROWS:
        return Training(rows.reset_index(drop=True), y.astype(float), weight, is_open)
    chance = max(MOST_ROWS - int(y.sum()), MOST_ROWS // 4) / (len(y) - y.sum())
    kept = y | (np.random.default_rng(random_state).random(len(y)) < chance)
    weight = np.where(y, weight, weight / chance)
    return Training(rows[kept].reset_index(drop=True), y[kept].astype(float), weight[kept], is_open[kept])


def is_newest_year(days: pd.Series) -> pd.Series:
    """Which of the days lie within a year of the newest."""
    return days > days.max() - pd.DateOffset(months=NEWEST_MONTHS)
