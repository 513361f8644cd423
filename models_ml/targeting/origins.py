"""How good would the scores have been on past days, and what do those days teach the scores of today?

1. On each of up to eight past days, three months apart, the models are fitted to outcomes that were known by then and predict the providers at
   risk then. What came after is the test.
2. The share of the trees and the calibration used on a day come from still earlier tests whose outcome was known by that day (`blend`,
   `calibration`), so the test rows have taught nothing to what they test.

Rolling origin, Tashman (2000).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.evaluation import Origin
from models_ml.targeting.blend import BlendedModel, fit_blend, log_likelihood, share_of_trees
from models_ml.targeting.calibration import Calibration, calibrate, sigmoid
from models_ml.targeting.features import label
from models_ml.targeting.lists import LISTED
from models_ml.targeting.model import VOLUME, fit_baseline, specialty_rates
from models_ml.targeting.teaching import overlap_of, taught_by

BASELINES = {"trailing_volume": VOLUME, "todays_list": LISTED}
CALIBRATED = ("model", "logistic", "boosted", *BASELINES)
LEAST_EVENTS = 15


@dataclass(frozen=True)
class Tests:
    """Predictions of past days: one row a provider and day, with raw log-odds by model; the rows as they were predicted, the models, and for
    each day what it says of the share of the trees."""

    rows: pd.DataFrame
    predicted: pd.DataFrame
    models: dict[pd.Timestamp, BlendedModel]
    told: list[np.ndarray]
    overlap: float

    def calibration(self, column: str, known_by: pd.Timestamp) -> Calibration:
        """From all tests whose outcome was known by the day."""
        return calibrate(self.rows[self.rows["known_on"] <= known_by], column, self.overlap)

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


def run_tests(
    snapshots: pd.DataFrame,
    first_orders: pd.Series,
    origins: list[Origin],
    horizon_days: int,
    seed: int,
) -> Tests | None:
    """Fits and predicts at each origin; None where no past day had enough events to learn from."""
    at_risk, events = label(snapshots, first_orders, horizon_days)
    rows, y, overlap = snapshots[at_risk], events[at_risk], overlap_of(horizon_days)
    parts, predicted, models, told = [], [], {}, []
    for origin in origins:
        training, test = (
            taught_by(snapshots, first_orders, origin.tested_on, horizon_days, seed),
            rows["snapshot_on"] == origin.tested_on,
        )
        if training.closed.y.sum() < LEAST_EVENTS or not test.any():
            continue
        tested = rows[test]
        known = [said for said, part in zip(told, parts, strict=True) if part["known_on"].iloc[0] <= origin.tested_on]
        model = fit_blend(training, share_of_trees(known).mean)
        matrix = model.design.matrix(tested)
        predictions = {name: kind.of(matrix) for name, kind in model.kinds.items()}
        for name, column in BASELINES.items():
            predictions[name] = fit_baseline(training, column).log_odds(tested)
        part = tested[["npi", "snapshot_on", "weight"]].assign(
            y=y[test.to_numpy()].astype(float),
            known_on=origin.tested_on + pd.Timedelta(days=horizon_days),
            model=model.of(matrix),
            specialty_mean=specialty_rates(training, tested),
            **predictions,
        )
        models[origin.tested_on] = model
        told.append(log_likelihood(part, overlap, seed))
        parts.append(part)
        predicted.append(tested)
    if not parts:
        return None
    return Tests(pd.concat(parts, ignore_index=True), pd.concat(predicted, ignore_index=True), models, told, overlap)
