"""Empirical Bayes for counts: how far may each group's rate depart from what was expected of it?

1. Group g shows O_g events where E_g were expected; O_g is Poisson with mean E_g m_g.
2. The multipliers m_g are Gamma with mean 1 and shape k; given k, the posterior mean is (O + k) / (E + k).
3. How alike the groups are is not known: every k on a grid is weighed by the likelihood of the counts and a wide prior,
   and the posterior means are averaged. With few groups the best k alone would often call them all the same.

Robbins (1956); Clayton & Kaldor (1987).
"""

import numpy as np
from scipy.special import gammaln

SHAPES = np.geomspace(0.25, 400.0, 24)
USUAL_SHAPE, PRIOR_WIDTH = 15.0, 1.5  # centre and width of the prior of log k


def log_likelihood(observed: np.ndarray, expected: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """The negative binomial log-likelihood of the counts for each shape, without the terms common to all shapes."""
    o, e, k = observed[None, :], np.maximum(expected, 1e-12)[None, :], shapes[:, None]
    terms = gammaln(o + k) - gammaln(k) + k * np.log(k / (k + e)) + o * np.log(e / (k + e))
    return terms.sum(axis=1)


def shape_prior(usual: float = USUAL_SHAPE) -> np.ndarray:
    """The weight of each shape of the grid before any count."""
    weight = np.exp(-0.5 * (np.log(SHAPES / usual) / PRIOR_WIDTH) ** 2)
    return weight / weight.sum()


def shape_weights(observed: np.ndarray, expected: np.ndarray, usual: float = USUAL_SHAPE) -> np.ndarray:
    """The weight of each shape of the grid after the counts."""
    log_weight = np.log(shape_prior(usual)) + log_likelihood(observed, expected, SHAPES)
    weight = np.exp(log_weight - log_weight.max())
    return weight / weight.sum()


def multipliers(
    observed: np.ndarray, expected: np.ndarray, usual: float = USUAL_SHAPE
) -> tuple[np.ndarray, np.ndarray]:
    """Each group's shrunk multiplier and the shape of its posterior (its relative variance is one over the shape)."""
    weight = shape_weights(observed.ravel(), expected.ravel(), usual)
    means = (observed[..., None] + SHAPES) / (expected[..., None] + SHAPES)
    mean = means @ weight
    spread = (means**2 * (1 + 1 / (observed[..., None] + SHAPES))) @ weight / mean**2 - 1
    return mean, 1 / np.maximum(spread, 1e-6)
