"""How raw features become columns of a linear model: each way has a name, so that a fitted model can be written down and read again.

Not here: which features are used and what is learnt from training rows (`design`).
"""

from collections.abc import Callable

import numpy as np

SETTLED = 5.0
SETTLED_LINES = 10.0


def _log(values: np.ndarray) -> np.ndarray:
    return np.log1p(np.maximum(values, 0))


def _growth(newer: np.ndarray, older: np.ndarray) -> np.ndarray:
    return np.log((np.maximum(newer, 0) + SETTLED) / (np.maximum(older, 0) + SETTLED))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return part / np.maximum(whole, 1.0)


def _nearness(days: np.ndarray) -> np.ndarray:
    """1 for a contract that ends now, 0 for one that ends in a year or later, or for none."""
    return np.nan_to_num(np.clip(1 - days / 365, 0, 1) * (days >= 0))


def _as_is(values: np.ndarray) -> np.ndarray:
    return values


def _settled(share: np.ndarray, lines: np.ndarray, usual: float) -> np.ndarray:
    """A share of few lines says little: it is drawn to the usual one as by ten more lines."""
    return (share * lines + usual * SETTLED_LINES) / (lines + SETTLED_LINES)


TRANSFORMS: dict[str, Callable[..., np.ndarray]] = {
    "log": _log,
    "growth": _growth,
    "share": _share,
    "nearness": _nearness,
    "as_is": _as_is,
    "settled": _settled,
}
