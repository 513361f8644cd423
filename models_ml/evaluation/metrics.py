"""How good are predicted probabilities, and how sure may one be of that?

Every metric is a function of (outcome, probability, weight); weights make the bootstrap cheap, since drawing
clusters anew only changes them. Equal predictions share their place: no metric depends on the order of rows.
"""

from collections.abc import Callable, Mapping

import numpy as np

TINY = 1e-9
Metric = Callable[[np.ndarray, np.ndarray, np.ndarray | None], float]


def _curve(y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative weight of rows and positives from the highest prediction down, a point for each distinct one."""
    w = np.ones(len(p)) if w is None else w
    order = np.argsort(-p, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(p[order])), len(p) - 1)
    rows, hits = np.cumsum(w[order])[ends], np.cumsum((w * y)[order])[ends]
    return np.append(0.0, rows), np.append(0.0, hits)


def auc(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> float:
    """The chance that a positive is ranked above a negative; ties count half."""
    rows, hits = _curve(y, p, w)
    misses = rows - hits
    if hits[-1] <= 0 or misses[-1] <= 0:
        return np.nan
    return float(np.trapezoid(hits / hits[-1], misses / misses[-1]))


def average_precision(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> float:
    """Precision at each step down the ranking, averaged over the positives found there."""
    rows, hits = _curve(y, p, w)
    if hits[-1] <= 0:
        return np.nan
    return float(np.sum(np.diff(hits) * hits[1:] / np.maximum(rows[1:], TINY)) / hits[-1])


def lift_top_decile(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> float:
    """The rate of positives in the best-ranked tenth over that of all; a tie at the border counts in proportion."""
    rows, hits = _curve(y, p, w)
    if hits[-1] <= 0:
        return np.nan
    return float(np.interp(0.1 * rows[-1], rows, hits) / (0.1 * hits[-1]))


def brier(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> float:
    """The mean squared error of the probability."""
    return float(np.average((p - y) ** 2, weights=w))


def log_loss(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> float:
    """The mean surprise in nats."""
    p = np.clip(p, TINY, 1 - TINY)
    return float(-np.average(y * np.log(p) + (1 - y) * np.log1p(-p), weights=w))


def ece(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None, bins: int = 10) -> float:
    """The mean gap between predicted and observed over bins of equal weight (equal predictions stay in one bin)."""
    w = np.ones(len(p)) if w is None else w
    order = np.argsort(p, kind="stable")
    edges = np.interp(np.arange(1, bins) / bins, np.cumsum(w[order]) / w.sum(), p[order])
    place = np.searchsorted(edges, p, side="left")
    gap = np.bincount(place, weights=w * (p - y), minlength=bins)
    return float(np.abs(gap).sum() / w.sum())


def calibration_slope(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> float:
    """The slope of the outcome's log-odds on the predicted log-odds: below 1 they are too extreme. Cox (1958)."""
    return recalibration(y, p, w)[0]


def calibration_intercept(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> float:
    """By how much the log-odds are too low overall, the slope being left at 1 (calibration in the large)."""
    return recalibration(y, p, w, fixed_slope=True)[1]


def recalibration(
    y: np.ndarray,
    p: np.ndarray,
    w: np.ndarray | None = None,
    fixed_slope: bool = False,
    prior: tuple[float, float] = (0.0, 0.0),
    around: float = 0.0,
) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of the outcome on the predicted log-odds.

    New log-odds = slope * (old - `around`) + `around` + intercept. `prior` holds the precisions (1 / variance) of Gaussian priors
    around slope 1 and intercept 0. NaN where the outcome or the prediction does not vary and no prior decides. Platt (1999), by
    Newton's method; a step behind which the slope falls as steeply as it rose before went too far, and is halved.
    """
    w = np.ones(len(p)) if w is None else w
    z = np.log(np.clip(p, TINY, 1 - TINY)) - np.log1p(-np.clip(p, TINY, 1 - TINY))
    positives = float(np.sum(w * y))
    degenerate = len(p) == 0 or positives <= 0 or positives >= w.sum() or (np.ptp(z) < 1e-6 and not fixed_slope)
    if degenerate and min(prior) == 0:
        return np.nan, np.nan
    design = np.column_stack([np.zeros_like(z) if fixed_slope else z - around, np.ones_like(z)])
    offset = z if fixed_slope else np.full_like(z, around)
    centre = np.array([0.0 if fixed_slope else 1.0, 0.0])
    beta, step, rise = centre.copy(), np.zeros(2), 0.0
    for _ in range(100):
        mean = 1 / (1 + np.exp(-np.clip(design @ beta + offset, -30, 30)))
        gradient = design.T @ (w * (y - mean)) - np.array(prior) * (beta - centre)
        if gradient @ step < -0.9 * rise:
            step, rise = step / 2, rise / 2
            beta -= step
            continue
        curvature = (design * (w * mean * (1 - mean))[:, None]).T @ design + np.diag(np.array(prior) + 1e-8)
        step = np.linalg.solve(curvature, gradient)
        step *= min(1.0, 2 / max(np.abs(step).max(), TINY))
        rise = float(gradient @ step)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return (1.0 if fixed_slope else float(beta[0])), float(beta[1])


METRICS: dict[str, Metric] = {
    "auc": auc,
    "average_precision": average_precision,
    "lift_top_decile": lift_top_decile,
    "brier": brier,
    "log_loss": log_loss,
    "ece": ece,
    "calibration_slope": calibration_slope,
    "calibration_intercept": calibration_intercept,
}


def bootstrap_intervals(
    metrics: Mapping[str, Metric],
    y: np.ndarray,
    p: np.ndarray,
    clusters: np.ndarray | None = None,
    draws: int = 200,
    level: float = 0.95,
    random_state: int = 0,
    weights: np.ndarray | None = None,
) -> dict[str, tuple[float, float, float]]:
    """Value, lower and upper of each metric, by the percentile bootstrap over clusters (say, providers).

    Without `clusters` every row stands for itself; `weights` tell for how many rows a sampled one stands. The same `random_state` draws the same clusters, so that two
    predictions of the same rows are compared on the same draws.
    """
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if len(y) == 0:
        return dict.fromkeys(metrics, (np.nan, np.nan, np.nan))
    codes = np.arange(len(y)) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    order = np.argsort(-p, kind="stable")
    y, p, codes = y[order], p[order], codes[order]
    base = None if weights is None else np.asarray(weights, dtype=float)[order]
    rng, count = np.random.default_rng(random_state), int(codes.max()) + 1
    sampled: dict[str, list[float]] = {name: [] for name in metrics}
    for _ in range(draws):
        weight = np.bincount(rng.integers(0, count, count), minlength=count).astype(float)[codes]
        weight = weight if base is None else weight * base
        for name, metric in metrics.items():
            sampled[name].append(metric(y, p, weight))
    tail = (1 - level) / 2
    return {name: (metrics[name](y, p, base), *_quantiles(values, tail)) for name, values in sampled.items()}


def bootstrap_interval(
    metric: Metric,
    y: np.ndarray,
    p: np.ndarray,
    clusters: np.ndarray | None = None,
    draws: int = 200,
    level: float = 0.95,
    random_state: int = 0,
) -> tuple[float, float, float]:
    """Value, lower and upper of one metric; see `bootstrap_intervals`."""
    return bootstrap_intervals({"it": metric}, y, p, clusters, draws, level, random_state)["it"]


def _quantiles(values: list[float], tail: float) -> tuple[float, float]:
    known = np.asarray(values)[~np.isnan(values)]
    if known.size == 0:
        return np.nan, np.nan
    return float(np.quantile(known, tail)), float(np.quantile(known, 1 - tail))
