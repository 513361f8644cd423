"""How much does a provider's monthly volume vary when nothing has changed?

1. Variance = phi * mean + alpha * mean^2: phi above 1 where services come in units of several (drugs by the milligram), alpha
   the overdispersion of the negative binomial. Both are the family's, estimated from all its providers.
2. They are read from differences of neighbouring months, so that a provider's trend or step does not count as noise.
3. Some providers are more erratic than others. What they show in one half of the history and again in the other is their own and
   is believed; the rest is chance, and they are taken for their peers.

Overdispersion by moments, McCullagh & Nelder (1989); differences, von Neumann (1941); shrinkage by split halves, Robbins (1956).
"""

from dataclasses import dataclass

import numpy as np

LEAST_SERIES = 20
LEAST_MONTHS = 8
LEAST_SERVICES = 6.0
UNTOLD = 0.1
SMALLEST = 1e-4


@dataclass(frozen=True)
class Noise:
    """`phi` and `alpha` of a family's variance function, and `own`: the alpha of each provider, shrunk to the family's."""

    phi: float
    alpha: float
    own: np.ndarray


def estimate_noise(counts: np.ndarray) -> Noise:
    """From providers by months; months are compared after the market's season is taken out."""
    total = counts.sum(axis=1)
    known = total >= LEAST_SERVICES
    own = np.full(len(total), UNTOLD)
    if counts.shape[1] < LEAST_MONTHS or known.sum() < LEAST_SERIES:
        return Noise(1.0, UNTOLD, own)
    season = counts.sum(axis=0) / total.sum()
    squared, linear, quadratic = _differences(counts[known], season)
    phi, alpha = _least_squares(linear, quadratic, squared)
    half = counts.shape[1] // 2
    halves = [
        _own_alpha(*_differences(counts[known][:, part], season[part], total[known]), phi)
        for part in (slice(0, half), slice(half, None))
    ]
    scale = linear / quadratic * phi + alpha
    own[:] = alpha
    own[known] = _shrunk(*halves, scale, alpha)
    return Noise(phi, alpha, own)


def _differences(counts: np.ndarray, season: np.ndarray, total: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
    """Squared differences of neighbouring months and what phi and alpha are multiplied with in their expectation."""
    total = counts.sum(axis=1) if total is None else total
    squared = (np.diff(counts - total[:, None] * season, axis=1) ** 2).sum(axis=1)
    linear = total * (season[1:] + season[:-1]).sum()
    return squared, linear, total**2 * (season[1:] ** 2 + season[:-1] ** 2).sum()


def _least_squares(linear: np.ndarray, quadratic: np.ndarray, squared: np.ndarray) -> tuple[float, float]:
    """phi >= 1 and alpha > 0, weighted by precision; all but a thousandth count, for one mistyped quantity is no noise."""
    phi, alpha = 1.0, UNTOLD
    for _ in range(20):
        expected = phi * linear + alpha * quadratic
        kept = squared / expected <= np.quantile(squared / expected, 0.999)
        x, z, y = (part[kept] / expected[kept] for part in (linear, quadratic, squared))
        determinant = (x @ x) * (z @ z) - (x @ z) ** 2
        phi = max((z @ z * (x @ y) - x @ z * (z @ y)) / determinant, 1.0) if determinant > SMALLEST * (x @ x) else 1.0
        alpha = max((z @ y - phi * (x @ z)) / (z @ z), SMALLEST)
        phi = max((x @ y - alpha * (x @ z)) / (x @ x), 1.0)
    return float(phi), float(alpha)


def _own_alpha(squared: np.ndarray, linear: np.ndarray, quadratic: np.ndarray, phi: float) -> np.ndarray:
    return (squared - phi * linear) / quadratic


def _shrunk(first: np.ndarray, second: np.ndarray, scale: np.ndarray, alpha: float) -> np.ndarray:
    """Deviations from the family's alpha, in units of their sampling error, repeat themselves as far as they are real."""
    a, b = (np.clip((half - alpha) / scale, -5, 5) for half in (first, second))
    chance = float(((a - b) ** 2).mean() / 4)
    real = float((a * b / scale**2).sum() / (1 / scale**4).sum())
    if real <= 0:
        return np.full(len(a), alpha)
    trust = real / (real + chance * scale**2)
    return np.clip(alpha + trust * scale * (a + b) / 2, alpha / 4, None)
