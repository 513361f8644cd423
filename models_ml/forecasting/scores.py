"""How good is a forecast of money that comes as paths, or as one figure?

Every score takes outcomes by row and draws by row (a single column for a point forecast); lower is better but for coverage.
"""

import numpy as np

QUANTILES = (0.1, 0.5, 0.9)


def crps(outcome: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score; the absolute error of a point forecast. Gneiting & Raftery (2007)."""
    ordered = np.sort(draws, axis=1)
    count = ordered.shape[1]
    weight = 2 * np.arange(1, count + 1) - count - 1
    return np.abs(ordered - outcome[:, None]).mean(axis=1) - (ordered @ weight) / count**2


def pinball(outcome: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """The quantile loss averaged over P10, P50 and P90."""
    cuts = np.quantile(draws, QUANTILES, axis=1)
    levels = np.array(QUANTILES)[:, None]
    return np.maximum(levels * (outcome - cuts), (levels - 1) * (outcome - cuts)).mean(axis=0)


def covered(outcome: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Whether the outcome lies between P10 and P90."""
    low, high = np.quantile(draws, [0.1, 0.9], axis=1)
    return ((outcome >= low - 1e-6) & (outcome <= high + 1e-6)).astype(float)


def wape(outcome: np.ndarray, draws: np.ndarray) -> float:
    """The sum of absolute errors of the median over the sum of outcomes."""
    return float(np.abs(outcome - np.median(draws, axis=1)).sum() / max(np.abs(outcome).sum(), 1e-9))
