"""How rare is it that so many of a provider's procedures fall into the newer months?

1. Given all procedures of both windows, the newer ones are beta-binomial: the rate of a provider cancels, and its size is no
   advantage. Exact where every month's rate is gamma-distributed and months are alike; matched in variance elsewhere.
2. What was observed exactly counts half (the mid-p), so that p-values of small counts are uniform on average, not cautious.
3. Several windows ask the same question about rises of several ages. Their p-values are combined by the Cauchy combination,
   which holds for small p-values whatever their dependence.

Skellam (1948) for the beta-binomial; Lancaster (1961) for the mid-p; Liu & Xie (2020) for the combination.
"""

import numpy as np
from scipy.special import betainc, betaln, gammaln

EXACT_UP_TO = 400
MOST_CERTAIN = 1e7


def rise_p_value(newer: np.ndarray, older: np.ndarray, share: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """P(more than `newer` of all | no change) and half of P(exactly as many); `variance` is that of the log ratio apart from counting."""
    y = np.floor(newer + 1e-9)
    n = y + np.ceil(older - 1e-9)
    concentration = np.minimum(1 / (np.maximum(variance, 1e-12) * share * (1 - share)), MOST_CERTAIN)
    a, b = concentration * share, concentration * (1 - share)
    p = np.ones(len(y))
    exact = (y > 0) & (n <= EXACT_UP_TO)
    large = (y > 0) & (n > EXACT_UP_TO)
    p[exact] = _exact_tail(y[exact], n[exact], a[exact], b[exact])
    p[large] = _smooth_tail(y[large], n[large], share[large], concentration[large])
    return np.clip(p, 0.0, 1.0)


def combine(p_values: np.ndarray) -> np.ndarray:
    """One p-value a row, from one column a window; NaN was not asked."""
    asked = ~np.isnan(p_values)
    p = np.clip(np.where(asked, p_values, 0.5), 1e-15, 0.99)
    mean = np.where(asked, 1 / np.tan(np.pi * p), 0.0).sum(axis=1) / np.maximum(asked.sum(axis=1), 1)
    combined = np.clip(0.5 - np.arctan(mean) / np.pi, 0.0, 1.0)
    return np.where(asked.any(axis=1), combined, np.nan)


def _exact_tail(y: np.ndarray, n: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Sums the shorter way: from y up where y is above the mean, else from y - 1 down; `first` is P(exactly y)."""
    up = y > n * a / (a + b)
    k = np.where(up, y, y - 1)
    term = np.exp(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + betaln(k + a, n - k + b) - betaln(a, b))
    total, active = term.copy(), np.arange(len(y))
    first = np.where(up, term, term * (n - k) / (k + 1) * (k + a) / (n - k - 1 + b))
    while len(active):
        i, rising = active, up[active]
        kk, nn, aa, bb = k[i], n[i], a[i], b[i]
        higher = (nn - kk) / (kk + 1) * (kk + aa) / np.maximum(nn - kk - 1 + bb, 1e-300)
        lower = kk / (nn - kk + 1) * (nn - kk + bb) / np.maximum(kk - 1 + aa, 1e-300)
        term[i] *= np.where(rising, higher, lower)
        k[i] += np.where(rising, 1, -1)
        total[i] += term[i]
        active = i[term[i] > 1e-13 * total[i]]
    return np.where(up, total, 1 - total) - first / 2


def _smooth_tail(y: np.ndarray, n: np.ndarray, share: np.ndarray, concentration: np.ndarray) -> np.ndarray:
    """A beta of the same mean and variance, with the half step of a count."""
    matched = np.maximum(n * (concentration + 1) / (concentration + n) - 1, 1e-6)
    return 1 - betainc(matched * share, matched * (1 - share), y / n)
