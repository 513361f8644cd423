"""The model that scores: the logistic hazard and the boosted trees in one, each with the share that past days speak for.

1. Log-odds are mixed, so what a feature does to the mixture is what it does in both, by their shares.
2. The share is not chosen but weighed: each counts by how probable it makes what came after the tests of past days, each day's level apart.
   Before any test the trees hold a quarter, for a straight line is the safer guess from few orders.
3. Where one straight line is the truth, little is lost; where some providers cannot order at all, or two features count together, the trees
   see it, and what either kind is too sure of the other holds back.

Stacking, Wolpert (1992) and Breiman (1996), with the weights averaged over their posterior rather than the best one taken. Not here: the two kinds
(`model`, `boosted`), nor which past days are tested (`origins`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.evaluation import recalibration
from models_ml.targeting.boosted import BoostedModel, fit_boosted
from models_ml.targeting.calibration import sigmoid
from models_ml.targeting.design import Design
from models_ml.targeting.model import Designed, LogisticModel, fit_logistic
from models_ml.targeting.report import some_providers
from models_ml.targeting.teaching import Training

SHARES = np.linspace(0, 1, 21)
# Beta(1, 3): its mean is a quarter.
LOG_PRIOR = 2 * np.log(np.clip(1 - SHARES, 1e-3, None))
PRECISIONS_OF_LEVEL = (1.0, 0.01)


@dataclass(frozen=True)
class BlendedModel(Designed):
    """Both on one design; `share` is that of the trees."""

    logistic: LogisticModel
    boosted: BoostedModel
    share: float

    @property
    def kinds(self) -> dict[str, LogisticModel | BoostedModel]:
        """Either alone."""
        return {"logistic": self.logistic, "boosted": self.boosted}

    def of(self, matrix: np.ndarray) -> np.ndarray:
        """Log-odds, one number a row of the design's matrix."""
        return _mixed(self.logistic.of(matrix), self.boosted.of(matrix), self.share)


@dataclass(frozen=True)
class Share:
    """Of the trees: what it is taken to be, and where nine tenths of what past days say lie."""

    mean: float
    lower: float
    upper: float


def fit_blend(training: Training, share: float) -> BlendedModel:
    """Both kinds on one design of the same rows."""
    design = Design().fit(training.rows)
    return BlendedModel(design, fit_logistic(training, design), fit_boosted(training, design), share)


def log_likelihood(day: pd.DataFrame, overlap: float, random_state: int) -> np.ndarray:
    """Of what came after one day, for each of `SHARES`, at the level that suits the share best."""
    day = some_providers(day, random_state)
    y, weight = day["y"].to_numpy(), day["weight"].to_numpy() / overlap
    told = []
    for share in SHARES:
        log_odds = _mixed(day["logistic"].to_numpy(), day["boosted"].to_numpy(), share)
        _, level = recalibration(y, sigmoid(log_odds), weight, fixed_slope=True, prior=PRECISIONS_OF_LEVEL)
        told.append(weight @ (y * (log_odds + level) - np.logaddexp(0, log_odds + level)))
    return np.array(told)


def share_of_trees(told: list[np.ndarray]) -> Share:
    """From the log-likelihoods of past days; without any it is the quarter of the outset."""
    log_posterior = sum(told, LOG_PRIOR)
    chance = np.exp(log_posterior - log_posterior.max())
    chance /= chance.sum()
    lower, upper = np.interp([0.05, 0.95], chance.cumsum() - chance / 2, SHARES)
    return Share(float(chance @ SHARES), float(lower), float(upper))


def _mixed(logistic: np.ndarray, boosted: np.ndarray, share: float) -> np.ndarray:
    return (1 - share) * logistic + share * boosted
