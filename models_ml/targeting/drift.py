"""A market that turns: coefficients may drift from one day of training to the next, as far as the outcomes speak for it.

1. A random walk: between two days a coefficient may move by a part of its prior variance. At a pace of nothing it stands still.
2. Three markets are thought of: one that stands still, one in which everything moves, and one in which what our own field and marketing do comes
   to count more or less while providers stay as they are. The last is the commonest in the field: what a call is worth changes as a product grows old
   (Narayanan, Manchanda & Chintagunta 2005), and so few coefficients move that outcomes soon say so.
3. Which it is, and how strongly coefficients are held back, is not chosen but weighed: each counts by how probable it makes the outcomes (the
   evidence, MacKay 1992). Either way of moving is held likelier before, for the mistakes are not alike: to take a market that turned for one that
   stands still costs far more of the list's lift than the other.
4. The likelihood of a day is taken as quadratic around the plain fit, with the day's own level out of the way. So each costs a filter over a few
   small matrices and no further fit.

West, Harrison & Migon (1985), dynamic generalised linear models; Raftery et al. (2010), averaging over paces of forgetting. Not here: the plain
fit (`model`), and what is held of a coefficient before any outcome (`design`).
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from models_ml.evaluation import recalibration


@dataclass(frozen=True)
class Market:
    """Between two days: by which part of its prior variance a coefficient of our own actions moves, and any other; what speaks for it before."""

    own_actions: float
    rest: float
    odds: float


MARKETS = (Market(0.0, 0.0, 1.0), Market(0.1, 0.1, 10.0), Market(0.2, 0.0, 10.0))
PRECISION_OF_LEVEL = 1e-3


@dataclass(frozen=True)
class Prior:
    """What is held of each coefficient before any outcome, and which are of our own actions."""

    mean: np.ndarray
    variance: np.ndarray
    is_own_action: np.ndarray


@dataclass(frozen=True)
class Day:
    """Slope and curvature of one day's log-likelihood at the plain coefficients."""

    gradient: np.ndarray
    curvature: np.ndarray


def drifted(
    matrix: np.ndarray, y: np.ndarray, weight: np.ndarray, day: np.ndarray, plain: np.ndarray, priors: list[Prior]
) -> np.ndarray:
    """The coefficients of the newest day, averaged over priors and markets; `day` numbers the days from the oldest on."""
    days = [_seen(matrix[here], y[here], weight[here], plain) for here in (day == n for n in range(day.max() + 1))]
    thought = list(product(priors, MARKETS))
    evidence, newest = zip(*(_filtered(days, plain, prior, market) for prior, market in thought), strict=True)
    counts = np.exp(np.array(evidence) - max(evidence)) * np.array([market.odds for _, market in thought])
    return np.average(newest, axis=0, weights=counts)


def _seen(matrix: np.ndarray, y: np.ndarray, weight: np.ndarray, plain: np.ndarray) -> Day:
    log_odds = matrix @ plain
    _, level = recalibration(y, 1 / (1 + np.exp(-log_odds)), weight, fixed_slope=True, prior=(1.0, PRECISION_OF_LEVEL))
    probability = 1 / (1 + np.exp(-(log_odds + level)))
    doubt = weight * probability * (1 - probability)
    to_level = matrix.T @ doubt
    curvature = (matrix * doubt[:, None]).T @ matrix - np.outer(to_level, to_level) / (doubt.sum() + PRECISION_OF_LEVEL)
    return Day(matrix.T @ (weight * (y - probability)), curvature)


def _filtered(days: list[Day], plain: np.ndarray, prior: Prior, market: Market) -> tuple[float, np.ndarray]:
    """Log-evidence up to what all share, and the mean of the newest day's coefficients (Kalman's filter)."""
    mean, spread, evidence = prior.mean - plain, np.diag(prior.variance), 0.0
    moved = np.diag(np.where(prior.is_own_action, market.own_actions, market.rest) * prior.variance)
    for number, day in enumerate(days):
        if number:
            spread = spread + moved
        scale = np.eye(len(plain)) + spread @ day.curvature
        surprise = day.gradient - day.curvature @ mean
        step = np.linalg.solve(scale, spread @ surprise)
        evidence += float(day.gradient @ mean - mean @ day.curvature @ mean / 2 + surprise @ step / 2)
        evidence -= float(np.linalg.slogdet(scale)[1]) / 2
        mean, spread = mean + step, np.linalg.solve(scale, spread)
    return evidence, plain + mean
