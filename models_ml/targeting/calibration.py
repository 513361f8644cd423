"""What tests on past days say of a model that is too sure, or too shy: one slope for its log-odds.

1. Each past day has a slope of its own, with a level of its own, so that a base rate that moves is not taken for a slope.
2. The days are brought together as one would studies, by random effects: where they contradict each other beyond the luck of few orders, none speaks
   for tonight, and all count less (DerSimonian & Laird 1986).
3. What they say is held near 1 by a prior. A test judges an earlier fit; tonight's fit has luck of its own, of which no test can tell.
4. The level stays as the model has it: it follows the newest year of outcomes already, and these are the outcomes of the tests. An intercept learnt
   from them would count the same lucky or poor year twice.

A slope after Cox (1958) and Platt (1999). Not here: which days are tested (`origins`) and the level (`model.base_rate_shift`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.evaluation import recalibration

# 1 / variance of the slope around 1 that tests of earlier fits can tell of.
SLOPE_PRECISION = 1000.0
# Nearly nothing: only a day without orders needs it.
PRECISIONS_OF_DAY = (1.0, 0.01)


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


def calibrate(tests: pd.DataFrame, column: str, overlap: float) -> Calibration:
    """From the tests of one or more days, whose windows overlap so that an order is seen `overlap` times."""
    if tests.empty:
        return Calibration()
    days = [
        slope_of_day(rows[column].to_numpy(), rows["y"].to_numpy(), rows["weight"].to_numpy())
        for _, rows in tests.groupby("snapshot_on", sort=True)
    ]
    slope = pooled_slope(*(np.array(values) for values in zip(*days, strict=True)), overlap)
    raw, weight = tests[column].to_numpy(), tests["weight"].to_numpy()
    chance = sigmoid(raw)
    centre = float(np.average(raw, weights=weight * chance * (1 - chance)))
    turned = sigmoid(slope * (raw - centre) + centre)
    return Calibration(slope, recalibration(chance, turned, weight, fixed_slope=True)[1], centre)


def slope_of_day(log_odds: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """The slope of the outcome on the log-odds of one day, and how much is known of it (1 / variance)."""
    centre = float(np.average(log_odds, weights=weight))
    slope, level = recalibration(y, sigmoid(log_odds), weight, prior=PRECISIONS_OF_DAY, around=centre)
    chance = sigmoid(Calibration(slope, level, centre).apply(log_odds))
    doubt = weight * chance * (1 - chance)
    return slope, float(doubt @ (log_odds - np.average(log_odds, weights=doubt)) ** 2)


def pooled_slope(slopes: np.ndarray, known: np.ndarray, overlap: float) -> float:
    """One slope for all days, drawn to 1; `known` is the precision of each."""
    told = known > 0
    if not told.any():
        return 1.0
    slopes, known = slopes[told], known[told]
    excess = float(known @ (slopes - np.average(slopes, weights=known)) ** 2) - (len(slopes) - 1)
    spread = known.sum() - (known**2).sum() / known.sum()
    between = max(0.0, excess / spread) if spread > 0 else 0.0
    counts = 1 / (1 / known + between) / overlap
    return 1 + float(counts @ (slopes - 1)) / (float(counts.sum()) + SLOPE_PRECISION)
