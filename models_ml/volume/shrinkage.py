"""What is a provider's true growth, when each is seen with noise and most are like their peers?

1. The observed log growth is normal around the true one, with known variance.
2. The true ones come from a mixture of normals around the peers' centre, from no spread at all to a wide one, whose weights the
   data decide: in a market without change all weight goes to no spread, and nobody is said to grow.

Empirical Bayes by Robbins (1956) and Efron (2010); the mixture by Stephens (2017).
"""

import numpy as np
from scipy.special import ndtr

SPREADS = np.array([0.0, 0.03, 0.06, 0.1, 0.16, 0.25, 0.4, 0.6, 1.0, 1.6])


def mixture_weights(values: np.ndarray, variances: np.ndarray) -> np.ndarray:
    """The weight of each spread, by expectation and maximisation; without data, no spread."""
    if len(values) == 0:
        return np.eye(len(SPREADS))[0]
    sd = np.sqrt(variances[:, None] + SPREADS**2)
    likelihood = np.exp(-0.5 * (values[:, None] / sd) ** 2) / sd
    likelihood /= likelihood.max(axis=1, keepdims=True)
    weights = np.full(len(SPREADS), 1 / len(SPREADS))
    for _ in range(500):
        joint = likelihood * weights
        share = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
        moved = np.abs(share - weights).max()
        weights = share
        if moved < 1e-6:
            break
    return weights


def posterior(values: np.ndarray, variances: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, ...]:
    """Mean, 2.5 % and 97.5 % points of each true value."""
    spread = SPREADS**2
    total = variances[:, None] + spread
    joint = (
        weights
        * np.exp(-0.5 * values[:, None] ** 2 / total + 0.5 * values[:, None] ** 2 / total.max(axis=1, keepdims=True))
        / np.sqrt(total)
    )
    share = joint / joint.sum(axis=1, keepdims=True)
    means = values[:, None] * spread / total
    sds = np.sqrt(np.maximum(variances[:, None] * spread / total, 1e-12))
    mean = (share * means).sum(axis=1)
    return mean, _quantile(share, means, sds, 0.025), _quantile(share, means, sds, 0.975)


def _quantile(share: np.ndarray, means: np.ndarray, sds: np.ndarray, level: float) -> np.ndarray:
    low, high = (means - 5 * sds).min(axis=1), (means + 5 * sds).max(axis=1)
    for _ in range(40):
        middle = (low + high) / 2
        below = (share * ndtr((middle[:, None] - means) / sds)).sum(axis=1) < level
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2
