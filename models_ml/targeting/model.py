"""The two models that compete: a regularised logistic regression on all features, and one on trailing volume alone.

Both give the log-odds of a first order within the horizon. How either is calibrated is decided outside, on later rows
(`models_ml.targeting.origins`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from models_ml.evaluation import recalibration
from models_ml.targeting.design import Design

VOLUME = "volume_12m"
MOST_ROWS = 400_000
PRIOR_SLOPE = 0.25
STRENGTHS = (0.05, 0.15, 0.4)
LEAST_SLOPE = 0.05


@dataclass(frozen=True)
class Training:
    """Rows at risk with their outcome; `weight` undoes what sampling and overlapping windows do to their number."""

    rows: pd.DataFrame
    y: np.ndarray
    weight: np.ndarray


def sample(rows: pd.DataFrame, y: np.ndarray, overlap: float, random_state: int) -> Training:
    """All events and, above 400,000 rows, a random part of the others, weighted by the inverse of their chance.

    An event is seen by `overlap` successive windows; a row therefore counts for 1 / `overlap`.
    """
    weight = np.full(len(y), 1 / overlap)
    if len(y) <= MOST_ROWS:
        return Training(rows.reset_index(drop=True), y.astype(float), weight)
    chance = max(MOST_ROWS - int(y.sum()), MOST_ROWS // 4) / (len(y) - y.sum())
    kept = y | (np.random.default_rng(random_state).random(len(y)) < chance)
    weight = np.where(y, weight, weight / chance)
    return Training(rows[kept].reset_index(drop=True), y[kept].astype(float), weight[kept])


@dataclass(frozen=True)
class LogisticModel:
    """A fitted design with its coefficients."""

    design: Design
    coefficients: np.ndarray
    intercept: float

    @property
    def references(self) -> dict[str, float | str]:
        """What each feature is compared with."""
        return self.design.references

    @property
    def dropped(self) -> dict[str, str]:
        """The features that could not be used, and why."""
        return self.design.dropped

    def log_odds(self, rows: pd.DataFrame) -> np.ndarray:
        """One number a row."""
        return self.design.matrix(rows) @ self.coefficients + self.intercept


def fit_logistic(training: Training) -> LogisticModel:
    """The regularisation is the one under which the training outcomes are most probable (the evidence, MacKay 1992)."""
    design = Design().fit(training.rows)
    matrix = design.matrix(training.rows)
    candidates = []
    for strength in STRENGTHS:
        fitted = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=200)
        fitted.fit(matrix, training.y, sample_weight=training.weight)
        model = LogisticModel(design, fitted.coef_[0], float(fitted.intercept_[0]))
        candidates.append((_log_evidence(matrix, training, model, strength), model))
    return max(candidates, key=lambda candidate: candidate[0])[1]


def _log_evidence(matrix: np.ndarray, training: Training, model: LogisticModel, strength: float) -> float:
    """By Laplace's approximation, up to what all strengths have in common."""
    beta = model.coefficients
    log_odds = matrix @ beta + model.intercept
    probability = 1 / (1 + np.exp(-log_odds))
    likelihood = training.weight @ (training.y * log_odds - np.logaddexp(0, log_odds))
    curvature = (matrix * (training.weight * probability * (1 - probability))[:, None]).T @ matrix
    _, log_determinant = np.linalg.slogdet(strength * curvature + np.eye(len(beta)))
    return float(likelihood - beta @ beta / (2 * strength) - log_determinant / 2)


@dataclass(frozen=True)
class VolumeModel:
    """Log-odds that rise with the logarithm of volume."""

    reference: float
    centre: float
    scale: float
    slope: float
    intercept: float

    @property
    def references(self) -> dict[str, float | str]:
        """What volume is compared with."""
        return {VOLUME: self.reference}

    @property
    def dropped(self) -> dict[str, str]:
        """Nothing: the one feature is needed."""
        return {}

    def log_odds(self, rows: pd.DataFrame) -> np.ndarray:
        """One number a row; a provider of unknown volume counts as the middle one."""
        volume = rows[VOLUME].to_numpy(dtype=float)
        volume = np.log1p(np.where(np.isfinite(volume), volume, self.reference))
        return self.slope * (volume - self.centre) / self.scale + self.intercept


def fit_volume(training: Training) -> VolumeModel:
    """Where data are silent, log-odds rise by a quarter for each standard deviation, and half an event stands for the rate.

    They never fall with volume: a baseline that ranks small providers first would be no baseline.
    """
    volume = training.rows[VOLUME].to_numpy(dtype=float)
    known = volume[np.isfinite(volume)]
    reference = float(np.median(known)) if len(known) else 0.0
    logs = np.log1p(np.where(np.isfinite(volume), volume, reference))
    centre, scale = (float(logs.mean()), max(float(logs.std()), 1e-6)) if len(logs) else (0.0, 1.0)
    prior = 1 / (1 + np.exp(-PRIOR_SLOPE * np.append((logs - centre) / scale, 0.0)))
    slope, intercept = recalibration(
        np.append(training.y, 0.5), prior, np.append(training.weight, 1.0), prior=(1.0, 1e-4)
    )
    return VolumeModel(reference, centre, scale, max(slope * PRIOR_SLOPE, LEAST_SLOPE), intercept)


def specialty_rates(training: Training, rows: pd.DataFrame, shrinkage: float = 50.0) -> np.ndarray:
    """The rate of each row's specialty among the training rows, shrunk to that of all."""
    frame = pd.DataFrame({"w": training.weight, "wy": training.weight * training.y})
    sums = frame.groupby(training.rows["specialty"].to_numpy()).sum()
    rate = (frame["wy"].sum() + 0.5) / (frame["w"].sum() + 1)
    rates = (sums["wy"] + shrinkage * rate) / (sums["w"] + shrinkage)
    return rows["specialty"].map(rates).fillna(rate).to_numpy(dtype=float)
