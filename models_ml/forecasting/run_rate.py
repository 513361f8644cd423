"""What will existing customers order in the quarters ahead if they go on as they do?

Here belongs the extrapolation of orders by territory and rep. Not here: deals; the two are never added.

1. The level is the mean of the last twelve whole months, newer ones counting more (half-life six months), the company's
   season taken out where three years are known. By how much past quarters exceeded such a level is its trend.
2. The spread of a month is proportional to its mean (a sum of orders), with one factor for the company; a quarter's level
   is as uncertain as the months behind it, and the whole company moves by a shock estimated from its past quarters.
3. What was ordered already in the running quarter is certain.
"""

import numpy as np
import pandas as pd

from models_ml.forecasting import frames
from models_ml.forecasting.quarters import quarter_start

MONTHS, HALF_LIFE = 12, 6.0
SHOCK_PRIOR, SHOCK_PRIOR_QUARTERS = 0.05, 2.0
LEAST_FOR_SEASON, PAST_QUARTERS = 36, 8


def order_paths(
    order_months: pd.DataFrame, now: float, quarters: np.ndarray, first_month: int, paths: int, seed: int
) -> tuple[pd.DataFrame, np.ndarray]:
    """Cells (territory, rep) with orders of existing customers, and their money by cell, path and quarter."""
    orders = frames.read(order_months, frames.ORDER_MONTHS)
    orders = orders[orders["is_existing_customer"] & (orders["month"] < now)]
    orders = orders.fillna({"territory_id": frames.UNASSIGNED, "rep_id": frames.UNASSIGNED, "amount_usd": 0.0})
    if orders.empty:
        return pd.DataFrame({"territory_id": [], "rep_id": []}), np.zeros((0, paths, len(quarters)))
    month = _months(orders["month"].to_numpy(float))
    running = int(_months(np.array([now - 1e-6]))[0])
    first = int(month.min())
    table = orders.assign(month=month).pivot_table(
        index=["territory_id", "rep_id"], columns="month", values="amount_usd", aggfunc="sum", fill_value=0.0
    )
    known = table.reindex(columns=range(first, running + 1), fill_value=0.0).sort_index().to_numpy(float)
    passed = _passed(running, now)
    whole = known if passed >= 1 else known[:, :-1]
    season = _season(whole, first)
    months = np.arange(first, first + whole.shape[1])
    level, size, factor = _level(whole / season[months % 12])
    trend, shock = _company_errors(whole / season[months % 12], factor)

    rng = np.random.default_rng([seed, 4])
    result = np.zeros((len(known), paths, len(quarters)))
    uncertain = level[:, None] * _gamma(level / max(factor, 1e-9) * size, (len(known), paths), rng)
    for place, quarter in enumerate(quarters):
        begin = int(_months(quarter_start(np.array([quarter]), first_month))[0])
        inside = np.arange(begin, begin + 3)
        seen = known[:, max(begin - first, 0) : max(begin + 3 - first, 0)].sum(axis=1)
        to_come = np.where(inside > running, 1.0, np.where(inside == running, 1 - min(passed, 1.0), 0.0))
        weight = float((to_come * season[inside % 12]).sum())
        later = 1 + max(begin - running, 0) / 3
        move = np.exp(trend * later + np.sqrt(later) * shock * rng.standard_normal(paths) - later * shock**2 / 2)
        mean = uncertain * weight * move[None, :]
        result[:, :, place] = seen[:, None] + rng.gamma(np.maximum(mean / max(factor, 1e-9), 1e-9), max(factor, 1e-9))
    return table.sort_index().index.to_frame(index=False), result


def _months(days: np.ndarray) -> np.ndarray:
    return np.floor(days).astype("int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")


def _passed(month: int, now: float) -> float:
    """The share of the running month that is known."""
    start, end = (float(np.datetime64(m, "M").astype("datetime64[D]").astype("int64")) for m in (month, month + 1))
    return (now - start) / (end - start)


def _season(whole: np.ndarray, first: int) -> np.ndarray:
    """The company's factor of each calendar month against the year around it, shrunk; all 1 before three years are known."""
    months = whole.shape[1]
    if months < LEAST_FOR_SEASON:
        return np.ones(12)
    total = whole.sum(axis=0)
    around = np.convolve(total, np.append(np.append(0.5, np.ones(11)), 0.5) / 12, mode="valid")
    ratio = total[6 : months - 6] / np.maximum(around, 1e-9)
    calendar = np.arange(first + 6, first + months - 6) % 12
    count = np.bincount(calendar, minlength=12)
    mean = np.bincount(calendar, ratio, 12) / np.maximum(count, 1)
    noise = ((ratio - mean[calendar]) ** 2).sum() / max(len(ratio) - 12, 1) * 12 / len(ratio)
    spread = max(mean.var() - noise, 0.0)
    return 1 + (mean - mean.mean()) * spread / max(spread + noise, 1e-9)


def _level(months: np.ndarray) -> tuple[np.ndarray, float, float]:
    """The monthly level of each cell, how many months it rests on, and variance over mean of one month."""
    recent = months[:, -MONTHS:]
    if recent.shape[1] == 0:
        return np.zeros(len(months)), 1.0, 1.0
    weight = _weights(recent.shape[1])
    level = recent @ weight
    size = float(1 / (weight**2).sum())
    squares = ((recent - level[:, None]) ** 2).sum()
    freedom = max(recent.shape[1] - 1, 1) / max(recent.shape[1], 1)
    factor = squares / max(freedom * level.sum() * recent.shape[1], 1e-9)
    return level, size, float(max(factor, 1e-6))


def _company_errors(months: np.ndarray, factor: float) -> tuple[float, float]:
    """By how much past quarters exceeded what this level would have said before them (log), and how far they scattered.

    Both are shrunk, the first towards 0, the second towards `SHOCK_PRIOR`; the scatter of single orders is taken off.
    """
    total = months.sum(axis=0)
    errors, noise = [], []
    for end in range(len(total) - 3, max(len(total) - 3 * PAST_QUARTERS, 6) - 1, -3):
        said = 3 * float(_weights(end)[-MONTHS:] @ total[max(end - MONTHS, 0) : end])
        if said > 0 and total[end : end + 3].sum() > 0:
            errors.append(np.log(total[end : end + 3].sum() / said))
            noise.append(factor / said * 1.5)
    if not errors:
        return 0.0, 2 * SHOCK_PRIOR
    trend = float(np.sum(errors) / (len(errors) + 1))
    excess = float(np.sum((np.array(errors) - np.mean(errors)) ** 2 - np.array(noise)))
    prior = SHOCK_PRIOR_QUARTERS * SHOCK_PRIOR**2
    return trend, float(np.sqrt(max(excess + prior, 0.0) / (len(errors) - 1 + SHOCK_PRIOR_QUARTERS)))


def _weights(months: int) -> np.ndarray:
    weight = 0.5 ** (np.arange(min(months, MONTHS))[::-1] / HALF_LIFE)
    return weight / weight.sum()


def _gamma(shape: np.ndarray, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    usable = np.maximum(shape, 1e-6)[:, None]
    return np.where(shape[:, None] > 0, rng.gamma(usable, 1 / usable, size), 0.0)
