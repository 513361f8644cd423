"""What a territory would be expected to take, learned from the others, and how far below it an outcome lies.

The logarithm of a year's orders is linear in three things, each with what is known of it beforehand:

1. Yearly worth of the procedures: twice the opportunity, about twice the orders (elasticity 1, give or take 0.25).
2. Kept calls: published elasticities are 0.25 to 0.34 (0.3, give or take 0.2).
3. Newness of the rep, twelve over the months in seat: a first year is weaker (-0.2, give or take 0.3).

Round that line a territory deviates by chance (a gamma variable whose shape is told by its providers) and by a lasting deviation
of its own, whose variance is estimated without the territory that is judged; a fifth is usual and counts like three territories, so that
a few that happen to agree make nobody an outlier. Not here: which territories are judged.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammainc, polygamma
from scipy.stats import t as student

PRIOR_MEAN = np.array([1.0, 0.3, -0.2])
PRIOR_SD = np.array([0.25, 0.2, 0.3])
USUAL_DEVIATION = 0.2
WORTH_OF_USUAL = 3.0
DEVIATIONS = (0.02, 3.0)
GRID = (np.arange(200) + 0.5) / 200
HALVINGS = 22


@dataclass(frozen=True)
class Case:
    """Arrays with one row a territory: outcome (USD, half an order added), design, and shape of chance."""

    outcome: np.ndarray
    design: np.ndarray
    shape: np.ndarray

    def without(self, rows: np.ndarray) -> "Case":
        keep = np.setdiff1d(np.arange(len(self.outcome)), rows)
        return Case(self.outcome[keep], self.design[keep], self.shape[keep])


@dataclass(frozen=True)
class Expectation:
    """Predictive distribution of one territory: the log of its expectation, the equally likely means round it, the shape of chance."""

    centre: float
    means: np.ndarray
    shape: float

    def tail(self, outcome: float) -> float:
        """P(no more than this)."""
        return float(np.mean(gammainc(self.shape, self.shape * outcome / self.means)))

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Bounds between which the outcome lies with this probability."""
        reach = np.log(self.means[-1] / self.means[0]) + 12 / np.sqrt(self.shape)
        bounds = []
        for wanted in ((1 - level) / 2, (1 + level) / 2):
            below, above = self.centre - reach, self.centre + reach
            for _ in range(HALVINGS):
                middle = (below + above) / 2
                below, above = (middle, above) if self.tail(np.exp(middle)) < wanted else (below, middle)
            bounds.append(float(np.exp((below + above) / 2)))
        return bounds[0], bounds[1]


def expectation(reference: Case, design: np.ndarray, shape: float) -> Expectation:
    """What the territories of the reference say of one with this design."""
    offset = digamma(reference.shape) - np.log(reference.shape)
    target = np.log(reference.outcome) - offset
    noise = polygamma(1, reference.shape)
    centre = reference.design.mean(axis=0)
    x = np.column_stack([np.ones(len(target)), reference.design - centre])
    lasting = _lasting_variance(x, target, noise)
    beta, covariance, used = _fit(x, target, noise + lasting)
    row = np.concatenate([[1.0], design - centre])
    scale = np.sqrt(lasting + row @ covariance @ row)
    freedom = max(len(target) - used - 1, 1.0)  # one for the variance
    log_means = row @ beta + scale * student.ppf(GRID, freedom)
    return Expectation(float(row @ beta), np.exp(log_means), shape)


def _fit(x: np.ndarray, target: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Weighted ridge towards the prior; also how many parameters the data spent."""
    weighted = x / variance[:, None]
    precision = weighted.T @ x
    prior = np.diag(np.concatenate([[0.0], 1 / PRIOR_SD**2]))
    covariance = np.linalg.inv(precision + prior)
    beta = covariance @ (weighted.T @ target + prior @ np.concatenate([[0.0], PRIOR_MEAN]))
    return beta, covariance, float(np.trace(covariance @ precision))


def _lasting_variance(x: np.ndarray, target: np.ndarray, noise: np.ndarray) -> float:
    """The variance with which the residuals are as large as they should be, by halving; the usual one counts like three territories."""
    low, high = (deviation**2 for deviation in DEVIATIONS)
    for _ in range(HALVINGS):
        middle = np.sqrt(low * high)
        beta, _, used = _fit(x, target, noise + middle)
        surplus = np.sum((target - x @ beta) ** 2 / (noise + middle)) - max(len(target) - used, 1.0)
        surplus += WORTH_OF_USUAL * (USUAL_DEVIATION**2 / middle - 1)
        low, high = (middle, high) if surplus > 0 else (low, middle)
    return float(np.sqrt(low * high))
