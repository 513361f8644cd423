"""How much does one more call add to the chance of a first order?

1. The chance grows with (1 + calls a quarter) to the power of an elasticity below one, so each call adds less than the one before.
2. The elasticity is read from past quarters: do providers who were called more than their other features explain order more than these
   explain? Both explanations come from other providers' rows (partialling out, cross-fitted: Robinson 1988; Chernozhukov et al. 2018).
3. Reps call those who would buy anyway, and no feature shows all that they know. What is seen is therefore believed with half its size
   as possible bias and shrunk towards what is published (0.25 to 0.34: Sismeiro et al. 2012; Albers et al. 2010).
4. Where few ordered, calls hardly differ beyond the features, the error is wide, or the answer is not plausible, it is not identified,
   and the published 0.3 stands alone.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression, Ridge

from models_ml.evaluation import as_dates, timestamp
from models_ml.targeting import first_orders_by, teaching_days
from models_ml.targeting.design import Design
from models_ml.targeting.features import label, provider_snapshots

PUBLISHED, PUBLISHED_SD = 0.3, 0.1
ALARM = 5 * PUBLISHED
LOWEST, HIGHEST = 0.05, 0.9
MOST_CALLS = 6
MOST_ORIGINS = 8
LEAST_EVENTS, LEAST_OVERLAP, MOST_ERROR = 60, 0.1, 0.25


@dataclass(frozen=True)
class Response:
    """The elasticity that is used, and what the company's own quarters say of it."""

    elasticity: float
    observed: float
    error: float
    rows: int
    events: int
    method: str

    def curve(self) -> pd.DataFrame:
        """One row for each number of calls a quarter; the chance is relative to that without a call."""
        calls = np.arange(MOST_CALLS + 1)
        return pd.DataFrame(
            {
                "calls_per_quarter": calls,
                "relative_probability": (1.0 + calls) ** self.elasticity,
                "relative_marginal": np.append(np.nan, marginal(calls[1:], self.elasticity)),
                "elasticity": self.elasticity,
                "observed_elasticity": self.observed,
                "lower": self.observed - 1.96 * self.error,
                "upper": self.observed + 1.96 * self.error,
                "n": self.rows,
                "positives": self.events,
                "method": self.method,
            }
        )


def marginal(call: np.ndarray, elasticity: float) -> np.ndarray:
    """What the given call of a quarter (1, 2, ...) adds, relative to the chance without any."""
    return (1.0 + call) ** elasticity - (1.0 * call) ** elasticity


def estimate_response(
    provider_months: pd.DataFrame, adoptions: pd.DataFrame, as_of: dt.date, horizon_days: int
) -> Response:
    """From quarters whose outcome is known at `as_of`."""
    rows, y = _past_quarters(provider_months, adoptions, as_of, horizon_days)
    if y.sum() < LEAST_EVENTS:
        return _default(len(y), int(y.sum()), "too few first orders")
    calls = rows["calls_3m"].clip(lower=0).fillna(0)
    before = {name: (rows[name] - calls).clip(lower=0) for name in ("calls_12m", "calls_ever")}
    # What a call leads to, such as a trial, is part of its effect.
    known = rows.assign(**before, calls_3m=0.0, trials_12m=0.0)
    treatment = np.log1p(calls.to_numpy(dtype=float))
    expected, log_odds = _explained(known, treatment, y)
    beyond = treatment - expected
    if beyond.var() < LEAST_OVERLAP * max(treatment.var(), 1e-9):
        return _default(len(y), int(y.sum()), "calls follow the features")
    observed, error = _slope(beyond, log_odds, y, rows["npi"].to_numpy())
    if error > MOST_ERROR or not -1.64 * error <= observed <= ALARM:
        why = "too uncertain" if error > MOST_ERROR else "not plausible"
        return _default(len(y), int(y.sum()), why, observed, error)
    doubt = error**2 + (0.05 + abs(observed) / 2) ** 2
    shrunk = (observed / doubt + PUBLISHED / PUBLISHED_SD**2) / (1 / doubt + 1 / PUBLISHED_SD**2)
    method = "estimated, shrunk towards the published elasticity"
    return Response(float(np.clip(shrunk, LOWEST, HIGHEST)), observed, error, len(y), int(y.sum()), method)


def _default(rows: int, events: int, why: str, observed: float = np.nan, error: float = np.nan) -> Response:
    return Response(PUBLISHED, observed, error, rows, events, f"not identified ({why}): the published elasticity")


def _past_quarters(
    provider_months: pd.DataFrame, adoptions: pd.DataFrame, as_of: dt.date, horizon_days: int
) -> tuple[pd.DataFrame, np.ndarray]:
    """Who was at risk on days three months apart, and whose first order followed within the horizon."""
    first_orders = first_orders_by(adoptions, as_of)
    days = teaching_days(as_dates(provider_months["snapshot_on"]), first_orders, as_of, horizon_days)
    chosen = [day for day in days if day + pd.Timedelta(days=horizon_days) <= timestamp(as_of)][-MOST_ORIGINS:]
    if not chosen:
        return provider_months.iloc[:0], np.zeros(0, dtype=bool)
    rows = provider_snapshots(provider_months.reset_index(drop=True), chosen, [])
    at_risk, events = label(rows, first_orders, horizon_days)
    return rows[at_risk].reset_index(drop=True), events[at_risk]


def _explained(known: pd.DataFrame, treatment: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Calls and log-odds of an order as the features explain them, each provider by the others' rows."""
    matrix = Design().fit(known).matrix(known)
    half = known["npi"].rank(method="dense").to_numpy().astype(int) % 2
    expected, log_odds = np.zeros(len(y)), np.zeros(len(y))
    for fold in (0, 1):
        here, there = half == fold, half != fold
        rate = (y[there].sum() + 0.5) / (there.sum() + 1)
        expected[here] = Ridge(alpha=10.0).fit(matrix[there], treatment[there]).predict(matrix[here])
        if y[there].any():
            model = LogisticRegression(C=0.15, solver="newton-cholesky", max_iter=200).fit(matrix[there], y[there])
            log_odds[here] = model.decision_function(matrix[here])
        else:
            log_odds[here] = np.log(rate / (1 - rate))
    return expected, log_odds


def _slope(beyond: np.ndarray, log_odds: np.ndarray, y: np.ndarray, npis: np.ndarray) -> tuple[float, float]:
    """The coefficient of the calls beyond the explained ones, and its error with a provider's rows taken together."""
    slope, intercept = 0.0, 0.0
    for _ in range(50):
        mean = 1 / (1 + np.exp(-np.clip(log_odds + intercept + slope * beyond, -30, 30)))
        design = np.column_stack([beyond, np.ones(len(y))])
        curvature = (design * (mean * (1 - mean))[:, None]).T @ design + np.eye(2) * 1e-9
        step = np.clip(np.linalg.solve(curvature, design.T @ (y - mean)), -1, 1)
        slope, intercept = slope + step[0], intercept + step[1]
        if np.abs(step).max() < 1e-8:
            break
    parts = pd.DataFrame(design * (y - mean)[:, None]).groupby(npis).sum().to_numpy()
    inverse = np.linalg.inv(curvature)
    return float(slope), float(np.sqrt((inverse @ (parts.T @ parts) @ inverse)[0, 0]))
