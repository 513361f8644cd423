"""How good would the scores have been on past days, and what do those days teach the scores of today?

1. On each of up to eight past days, three months apart, the models are fitted to outcomes that were known by then and predict the providers at
   risk then. What came after is the test.
2. The calibration used on a day comes from still earlier tests whose outcome was known by that day, so the test rows have
   taught nothing to what they test. Calibration is a slope and an intercept, held near 1 and 0 by a prior: it follows a
   base rate that moves and a model that is too sure, as far as the data say.

Platt (1999); rolling origin, Tashman (2000).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.evaluation import Origin, recalibration
from models_ml.targeting.boosted import BoostedModel, fit_boosted
from models_ml.targeting.features import label
from models_ml.targeting.lists import LISTED
from models_ml.targeting.model import (
    VOLUME,
    BaselineModel,
    LogisticModel,
    Training,
    fit_baseline,
    fit_logistic,
    sample,
    specialty_rates,
)

FittedModel = LogisticModel | BoostedModel | BaselineModel
KINDS: dict[str, Callable[[Training], LogisticModel | BoostedModel]] = {
    "logistic": fit_logistic,
    "boosted": fit_boosted,
}
BASELINES = {"trailing_volume": VOLUME, "todays_list": LISTED}
CALIBRATED = (*KINDS, *BASELINES)
LEAST_EVENTS = 15
CALIBRATION_MONTHS = 11
SLOPE_PRECISION, INTERCEPT_PRECISION = 100.0, 4.0


@dataclass(frozen=True)
class Calibration:
    """log-odds -> slope * log-odds + intercept, both found at the centre of what was predicted."""

    slope: float = 1.0
    intercept: float = 0.0
    centre: float = 0.0

    def apply(self, log_odds: np.ndarray) -> np.ndarray:
        """Calibrated log-odds."""
        return self.slope * (log_odds - self.centre) + self.centre + self.intercept


def sigmoid(log_odds: np.ndarray) -> np.ndarray:
    """Probabilities that are never quite 0 or 1."""
    return 1 / (1 + np.exp(-np.clip(log_odds, -20, 20)))


@dataclass(frozen=True)
class Tests:
    """Predictions of past days: one row a provider and day, with raw log-odds by model; the rows as they were predicted, and the models."""

    rows: pd.DataFrame
    predicted: pd.DataFrame
    models: dict[pd.Timestamp, dict[str, LogisticModel | BoostedModel]]
    overlap: float

    def calibration(self, column: str, known_by: pd.Timestamp) -> Calibration:
        """From the newest year of tests known by the day: older ones were of models that had less to learn from."""
        past = self.rows[self.rows["known_on"] <= known_by]
        past = past[is_newest_year(past["snapshot_on"])]
        if past["y"].sum() < 1:
            return Calibration()
        raw = past[column].to_numpy()
        centre = float(np.average(raw, weights=past["weight"]))
        slope, intercept = recalibration(
            past["y"].to_numpy(),
            sigmoid(raw),
            past["weight"].to_numpy() / self.overlap,
            prior=(SLOPE_PRECISION, INTERCEPT_PRECISION),
            around=centre,
        )
        return Calibration(slope, intercept, centre)

    def calibrated(self) -> pd.DataFrame:
        """Probabilities of each model on each test row, as they would have been published on the day."""
        parts = []
        for _, rows in self.rows.groupby("snapshot_on", sort=True):
            day = rows["snapshot_on"].iloc[0]
            fitted = {
                column: sigmoid(self.calibration(column, day).apply(rows[column].to_numpy())) for column in CALIBRATED
            }
            parts.append(rows[["npi", "snapshot_on", "y", "weight", "specialty_mean"]].assign(**fitted))
        return pd.concat(parts, ignore_index=True)


def is_newest_year(days: pd.Series) -> pd.Series:
    """Which of the tests lie within a year of the newest."""
    return days > days.max() - pd.DateOffset(months=CALIBRATION_MONTHS)


def run_tests(
    snapshots: pd.DataFrame,
    first_orders: pd.Series,
    origins: list[Origin],
    horizon_days: int,
    overlap: float,
    seed: int,
) -> Tests | None:
    """Fits and predicts at each origin; None where no past day had enough events to learn from."""
    at_risk, events = label(snapshots, first_orders, horizon_days)
    rows, y = snapshots[at_risk], events[at_risk]
    parts, predicted, models = [], [], {}
    for origin in origins:
        past, test = rows["snapshot_on"].isin(origin.trained_on).to_numpy(), (rows["snapshot_on"] == origin.tested_on)
        if y[past].sum() < LEAST_EVENTS or not test.any():
            continue
        training = sample(rows[past], y[past], overlap, seed)
        tested = rows[test]
        models[origin.tested_on] = {kind: fit(training) for kind, fit in KINDS.items()}
        predictions = {kind: model.log_odds(tested) for kind, model in models[origin.tested_on].items()}
        for name, column in BASELINES.items():
            predictions[name] = fit_baseline(training, column).log_odds(tested)
        predictions["specialty_mean"] = specialty_rates(training, tested)
        known_on = origin.tested_on + pd.Timedelta(days=horizon_days)
        parts.append(
            tested[["npi", "snapshot_on", "weight"]].assign(
                y=y[test.to_numpy()].astype(float), known_on=known_on, **predictions
            )
        )
        predicted.append(tested)
    if not parts:
        return None
    return Tests(pd.concat(parts, ignore_index=True), pd.concat(predicted, ignore_index=True), models, overlap)
