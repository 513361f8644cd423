"""A regularised logistic hazard on all features, and baselines on one alone, such as trailing volume.

Each gives the log-odds of a first order within the horizon. Boosted trees are in `boosted`, both in one in `blend`; what later rows
say of the log-odds is in `calibration`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from models_ml.evaluation import recalibration
from models_ml.targeting.design import Design
from models_ml.targeting.drift import Prior, drifted
from models_ml.targeting.teaching import Training, is_newest_year

VOLUME = "volume_12m"
PRIOR_SLOPE = 0.25
# Prior variances of a standardised coefficient: of what is known to matter, and of the rest. Which it is, the outcomes say.
STRENGTHS = ((0.1, 0.01), (0.1, 0.03), (0.3, 0.03), (0.3, 0.1))
PLAIN = 1
STRENGTH_OF_DAY = 10.0
LEAST_SLOPE = 0.05


def base_rate_shift(training: Training, log_odds: np.ndarray) -> float:
    """What to add to the log-odds so that they sum to the events of the newest year of training days whose window had closed."""
    closed = ~training.is_open
    newest = is_newest_year(training.rows["snapshot_on"].where(closed)).to_numpy()
    if (training.y * training.weight)[newest].sum() <= 0:
        newest = closed
    probability = 1 / (1 + np.exp(-log_odds[newest]))
    return recalibration(training.y[newest], probability, training.weight[newest], fixed_slope=True)[1]


@dataclass(frozen=True)
class Designed(ABC):
    """What every model on a fitted design says of itself."""

    design: Design

    @property
    def references(self) -> dict[str, float | str]:
        """What each feature is compared with."""
        return self.design.references

    @property
    def dropped(self) -> dict[str, str]:
        """The features that could not be used, and why."""
        return self.design.dropped

    @abstractmethod
    def of(self, matrix: np.ndarray) -> np.ndarray:
        """Log-odds, one number a row of the design's matrix."""

    def log_odds(self, rows: pd.DataFrame) -> np.ndarray:
        """One number a row."""
        return self.of(self.design.matrix(rows))


@dataclass(frozen=True)
class LogisticModel(Designed):
    """A fitted design with its coefficients."""

    coefficients: np.ndarray
    intercept: float

    def of(self, matrix: np.ndarray) -> np.ndarray:
        """Log-odds, one number a row of the design's matrix."""
        return matrix @ self.coefficients + self.intercept


def fit_logistic(training: Training, design: Design) -> LogisticModel:
    """A hazard with a level of its own for each day, so that no feature is credited with the calendar, nor with how long a window was open.

    How strongly coefficients are held back, and whether they drift, is averaged over in `drifted`; they are those of the newest day.
    """
    matrix = design.matrix(training.rows)
    days = pd.get_dummies(training.rows["snapshot_on"]).to_numpy(dtype=float)
    priors = [
        Prior(design.expected, np.where(design.is_foremost, foremost, rest), design.is_own_action)
        for foremost, rest in STRENGTHS
    ]
    plain = _plain(matrix, days, training, priors[PLAIN].variance)
    coefficients = drifted(matrix, training.y, training.weight, days.argmax(axis=1), plain, priors)
    return LogisticModel(design, coefficients, base_rate_shift(training, matrix @ coefficients))


def _plain(matrix: np.ndarray, days: np.ndarray, training: Training, variance: np.ndarray) -> np.ndarray:
    """Coefficients that stand still, near which the likelihood is looked at; columns are scaled to a prior variance of 1."""
    scale = np.sqrt(np.append(variance, np.full(days.shape[1], STRENGTH_OF_DAY)))
    fitted = LogisticRegression(C=1.0, solver="newton-cholesky", max_iter=200)
    fitted.fit(np.column_stack([matrix, days]) * scale, training.y, sample_weight=training.weight)
    return (fitted.coef_[0] * scale)[: matrix.shape[1]]


@dataclass(frozen=True)
class BaselineModel:
    """Log-odds that rise with the logarithm of one feature alone."""

    column: str
    reference: float
    centre: float
    scale: float
    slope: float
    intercept: float

    @property
    def references(self) -> dict[str, float | str]:
        """What the feature is compared with."""
        return {self.column: self.reference}

    @property
    def dropped(self) -> dict[str, str]:
        """Nothing: the one feature is needed."""
        return {}

    def log_odds(self, rows: pd.DataFrame) -> np.ndarray:
        """One number a row; a provider of whom it is unknown counts as the middle one."""
        values = rows[self.column].to_numpy(dtype=float)
        logs = np.log1p(np.where(np.isfinite(values), values, self.reference))
        return self.slope * (logs - self.centre) / self.scale + self.intercept


def fit_baseline(training: Training, column: str) -> BaselineModel:
    """Where data are silent, log-odds rise by a quarter for each standard deviation, and half an event stands for the rate.

    They never fall: a baseline that ranks small providers, or those whom no list names, first would be no baseline. Their level is that of the
    newest year, as the models' is.
    """
    training = training.closed
    values = training.rows[column].to_numpy(dtype=float)
    known = values[np.isfinite(values)]
    reference = float(np.median(known)) if len(known) else 0.0
    logs = np.log1p(np.where(np.isfinite(values), values, reference))
    centre, scale = (float(logs.mean()), float(logs.std())) if len(logs) else (0.0, 1.0)
    # Where it says the same of everybody, or nothing yet, one step is that of the logarithm.
    scale = scale if scale > 1e-6 else 1.0
    # The last row is the half event.
    place, y = np.append((logs - centre) / scale, 0.0), np.append(training.y, 0.5)
    weight = np.append(training.weight, 1.0)
    newest = np.append(is_newest_year(training.rows["snapshot_on"]), True)
    told, _ = recalibration(y, 1 / (1 + np.exp(-PRIOR_SLOPE * place)), weight, prior=(1.0, 1e-4))
    slope = max(told * PRIOR_SLOPE, LEAST_SLOPE)
    chance = 1 / (1 + np.exp(-slope * place[newest]))
    _, level = recalibration(y[newest], chance, weight[newest], fixed_slope=True, prior=(1.0, 1e-4))
    return BaselineModel(column, reference, centre, scale, slope, level)


def specialty_rates(training: Training, rows: pd.DataFrame, shrinkage: float = 50.0) -> np.ndarray:
    """The rate of each row's specialty among the training rows, shrunk to that of all."""
    training = training.closed
    frame = pd.DataFrame({"w": training.weight, "wy": training.weight * training.y})
    sums = frame.groupby(training.rows["specialty"].to_numpy()).sum()
    rate = (frame["wy"].sum() + 0.5) / (frame["w"].sum() + 1)
    rates = (sums["wy"] + shrinkage * rate) / (sums["w"] + shrinkage)
    return rows["specialty"].map(rates).fillna(rate).to_numpy(dtype=float)
