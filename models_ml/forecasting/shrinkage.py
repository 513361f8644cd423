"""Empirical Bayes for counts: how far may each group's rate depart from what was expected of it?

1. Group g shows O_g events where E_g were expected; O_g is Poisson with mean E_g m_g.
2. The multipliers m_g are Gamma with mean 1 and shape k; k is the one under which the counts are most likely.
3. Little is concluded from few groups: k carries a weak prior that holds it between 1 and 200.

The posterior mean is (O + k) / (E + k). Robbins (1956); Clayton & Kaldor (1987).
"""

import numpy as np
from scipy.special import gammaln

SHAPES = np.geomspace(0.25, 400.0, 24)


def log_likelihood(observed: np.ndarray, expected: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """The negative binomial log-likelihood of the counts for each shape, without the terms common to all shapes."""
    o, e, k = observed[None, :], np.maximum(expected, 1e-12)[None, :], shapes[:, None]
    terms = gammaln(o + k) - gammaln(k) + k * np.log(k / (k + e)) + o * np.log(e / (k + e))
    return terms.sum(axis=1)


def fitted_shape(observed: np.ndarray, expected: np.ndarray) -> float:
    """The shape k of the multipliers; large when the groups differ no more than chance would have it."""
    if len(observed) < 2:
        return float(SHAPES[-1])
    prior = -0.5 * (np.log(SHAPES / 15.0) / 1.8) ** 2
    return float(SHAPES[np.argmax(log_likelihood(observed, expected, SHAPES) + prior)])


def multipliers(observed: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each group's shrunk multiplier and the shape of its posterior (its relative variance is one over the shape)."""
    k = fitted_shape(observed, expected)
    return (observed + k) / (expected + k), observed + k
