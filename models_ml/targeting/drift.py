"""A market that turns: coefficients may drift from one day of training to the next, as far as the outcomes speak for it.

1. A random walk: between two days each coefficient may move by a part of its prior variance. At a pace of nothing this is the plain fit.
2. Whether it moves at all is not chosen but weighed: standing still and moving count by how probable they make the outcomes (the evidence).
   Moving is held likelier before, for the two mistakes are not alike: to take a market that turned for one that stands still cost a tenth of the
   list's lift in simulated companies, the other mistake a fiftieth. Where nothing moves, a few hundred orders say so all the same.
3. The likelihood of a day is taken as quadratic around the plain fit, with the day's own level out of the way. So a pace costs a filter over a few
   small matrices and no further fit.

West, Harrison & Migon (1985), dynamic generalised linear models; Raftery et al. (2010), averaging over paces of forgetting. Not here: the plain
fit and its prior (`model`).
"""

from dataclasses import dataclass

import numpy as np

from models_ml.evaluation import recalibration

# pace -> what speaks for it before any outcome
PACES = {0.0: 1.0, 0.1: 30.0}
PRECISION_OF_LEVEL = 1e-3


@dataclass(frozen=True)
class Day:
    """Slope and curvature of one day's log-likelihood at the plain coefficients."""

    gradient: np.ndarray
    curvature: np.ndarray


def drifted(
    matrix: np.ndarray, y: np.ndarray, weight: np.ndarray, day: np.ndarray, plain: np.ndarray, variance: np.ndarray
) -> np.ndarray:
    """The coefficients of the newest day; `day` numbers the days from the oldest on, `variance` is the prior's of each coefficient."""
    days = [_seen(matrix[here], y[here], weight[here], plain) for here in (day == n for n in range(day.max() + 1))]
    if len(days) < 2:
        return plain
    evidence, newest = zip(*(_filtered(days, plain, variance, pace) for pace in PACES), strict=True)
    counts = np.exp(np.array(evidence) - max(evidence)) * np.array(list(PACES.values()))
    return np.average(newest, axis=0, weights=counts)


def _seen(matrix: np.ndarray, y: np.ndarray, weight: np.ndarray, plain: np.ndarray) -> Day:
    log_odds = matrix @ plain
    _, level = recalibration(y, 1 / (1 + np.exp(-log_odds)), weight, fixed_slope=True, prior=(1.0, PRECISION_OF_LEVEL))
    probability = 1 / (1 + np.exp(-(log_odds + level)))
    doubt = weight * probability * (1 - probability)
    to_level = matrix.T @ doubt
    curvature = (matrix * doubt[:, None]).T @ matrix - np.outer(to_level, to_level) / (doubt.sum() + PRECISION_OF_LEVEL)
    return Day(matrix.T @ (weight * (y - probability)), curvature)


def _filtered(days: list[Day], plain: np.ndarray, variance: np.ndarray, pace: float) -> tuple[float, np.ndarray]:
    """Log-evidence up to what all paces share, and the mean of the newest day's coefficients (Kalman's filter)."""
    mean, spread, evidence = -plain, np.diag(variance), 0.0
    for number, day in enumerate(days):
        if number:
            spread = spread + pace * np.diag(variance)
        scale = np.eye(len(plain)) + spread @ day.curvature
        surprise = day.gradient - day.curvature @ mean
        step = np.linalg.solve(scale, spread @ surprise)
        evidence += float(day.gradient @ mean - mean @ day.curvature @ mean / 2 + surprise @ step / 2)
        evidence -= float(np.linalg.slogdet(scale)[1]) / 2
        mean, spread = mean + step, np.linalg.solve(scale, spread)
    return evidence, plain + mean
