"""How much of a month's volume is already known at `as_of`?

Claim lines of a month arrive over several months. The share that has arrived is read from how older months arrived.

1. Months develop alike: the share known after so many months is one curve a family, estimated from the newest year of it.
2. Only months whose whole development was seen count, that is, months since the feed's first file. A history delivered in one
   piece tells nothing about development.
3. Where fewer than three months tell, all families together are asked; where they are silent too, or where the market has
   broken down against the last year, the month's market total over its usual level stands in.

Mack (1993), the chain ladder, in its retained form: shares known are products of ratios of cumulative sums, from the tail back.
"""

import datetime as dt

import numpy as np
import pandas as pd

from models_ml.evaluation import as_dates, as_numbers, timestamp

LONGEST_LAG = 24
YEAR = 12


def month_number(days: pd.Series | pd.DatetimeIndex) -> np.ndarray:
    """Months since year 0, so that differences are counts of months."""
    parts = days.dt if isinstance(days, pd.Series) else days
    return np.asarray(parts.year * 12 + parts.month - 1, dtype=np.int64)


def development(claim_lags: pd.DataFrame, as_of: dt.date) -> dict[str | None, np.ndarray]:
    """For each family (None: all together) the share known after 0, 1, 2 … months; families that cannot tell are absent."""
    lags = pd.DataFrame(
        {
            "family": claim_lags["procedure_family"].astype(object),
            "month": as_dates(claim_lags["month"]),
            "known": as_dates(claim_lags["known_month"]),
            "services": as_numbers(claim_lags["services"]),
        }
    ).dropna()
    lags = lags[lags["known"] <= timestamp(as_of)]
    if lags.empty:
        return {}
    pooled = _known_shares(lags, as_of)
    curves = {family: _known_shares(rows, as_of) for family, rows in lags.groupby("family", sort=True)}
    return {family: curve for family, curve in {**curves, None: pooled}.items() if curve is not None}


def completeness(curve: np.ndarray | None, months: pd.DatetimeIndex, market: np.ndarray, as_of: dt.date) -> np.ndarray:
    """The share known of each month; `market` are the month's services as known. A month that has not ended counts as unknown."""
    today = timestamp(as_of)
    age = today.year * 12 + today.month - 1 - month_number(months)
    usual = pd.Series(market, dtype="float64").rolling(YEAR, min_periods=3).median().shift(1).bfill().to_numpy()
    level = np.divide(market, usual, out=np.ones(len(market)), where=usual > 0)
    if curve is None:
        share = np.where(age <= YEAR // 2, np.minimum(level, 1.0), 1.0)
    else:
        elapsed = today.day / today.days_in_month
        padded = np.concatenate([[0.0], curve, np.ones(1)])
        now, before = (np.clip(age + shift, 0, len(padded) - 1) for shift in (1, 0))
        share = padded[before] * (1 - elapsed) + padded[now] * elapsed
        broken = (age <= YEAR // 2) & (level < 0.5 * share)
        share = np.where(broken, level, share)
    ended = (months + pd.offsets.MonthEnd(0)) <= today
    return np.where(ended, np.clip(share, 0.0, 1.0), 0.0)


def _known_shares(lags: pd.DataFrame, as_of: dt.date) -> np.ndarray | None:
    month, known = month_number(lags["month"]), month_number(lags["known"])
    today = timestamp(as_of)
    last_whole = today.year * 12 + today.month - 1 - int(today.day < today.days_in_month)
    first = known.min()
    seen = (month >= first) & (known >= month) & (known - month <= LONGEST_LAG)
    width, height = LONGEST_LAG + 1, int(last_whole - first)
    if height < 3 or not seen.any():
        return None
    inside = seen & (month <= last_whole)
    place = (month[inside] - first) * width + (known - month)[inside]
    size = (height + 1) * width
    arrived = np.bincount(place, weights=lags["services"].to_numpy()[inside], minlength=size).reshape(-1, width)
    total = np.cumsum(arrived, axis=1)
    shares = np.ones(width)
    for lag in range(min(width - 1, height) - 1, -1, -1):
        rows = slice(max(0, height - lag - YEAR), height - lag)
        now, later = total[rows, lag].sum(), total[rows, lag + 1].sum()
        shares[lag] = shares[lag + 1] * (min(now / later, 1.0) if later > 0 else 1.0)
    return np.maximum(shares, 0.0)
