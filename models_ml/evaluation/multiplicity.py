"""How many of the flags are expected to be false, when many are tested at once."""

import numpy as np


def benjamini_hochberg(p_values: np.ndarray) -> np.ndarray:
    """The q-value of each test: the smallest false discovery rate at which it would be flagged.

    1. The tests are independent, or positively dependent.
    2. A p-value that is NaN was not tested: it counts for nothing and its q is NaN.

    Benjamini & Hochberg (1995), step-up procedure.
    """
    p = np.asarray(p_values, dtype=float)
    q = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    if tested.size == 0:
        return q
    order = tested[np.argsort(p[tested], kind="stable")]
    ratio = p[order] * tested.size / np.arange(1, tested.size + 1)
    q[order] = np.minimum(np.minimum.accumulate(ratio[::-1])[::-1], 1.0)
    return q
