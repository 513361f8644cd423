"""Deals that do not exist yet: how many will come, and what will they bring within the quarters ahead?

Here belong the arrival of deals, their chance to be won within so many days, and what a won deal is worth.
Not here: open deals, the drawing of paths.

1. From creation to win is a competing risk with loss; open deals are censored at their age: Aalen & Johansen (1978).
2. Deals arrive at a territory's steady rate, shrunk towards an even spread; the company's quarters depart from theirs
   by a level and shocks of their own (see `shocks`), and by season where two years are known.
3. A won deal is worth what deals won in the last two years were, times a factor of its territory, shrunk.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.forecasting.book import Book
from models_ml.forecasting.frames import UNASSIGNED
from models_ml.forecasting.quarters import quarter_of, quarter_start
from models_ml.forecasting.shocks import Level, fit_level
from models_ml.forecasting.shrinkage import multipliers

LONGEST_HISTORY = 12  # quarters of arrivals that are looked at
RECENT = 365.0  # days that tell how arrivals spread over territories
POOL_DAYS, LEAST_POOL = 730.0, 8


@dataclass(frozen=True)
class Arrivals:
    """Arrivals a day by territory with the shape of their posterior, and what becomes of them."""

    territories: tuple[str, ...]
    rate: np.ndarray
    rate_shape: np.ndarray
    win_factor: np.ndarray
    win_shape: np.ndarray
    level: Level
    season: np.ndarray
    won_within: np.ndarray
    wins: float
    amounts: np.ndarray
    took: np.ndarray
    amount_factor: np.ndarray

    def amount_weights(self, start: float, end: float) -> np.ndarray:
        """How likely each past amount is that of a deal yet to come and won between two days from now: quick wins first."""
        weight = np.maximum(end - self.took, 0) - np.maximum(start - self.took, 0)
        weight = weight if (weight > 0).sum() >= LEAST_POOL else np.ones(len(self.took))
        return weight / max(weight.sum(), 1e-12)

    def season_of(self, quarters: np.ndarray) -> np.ndarray:
        return self.season[np.asarray(quarters) % 4]


def fit_arrivals(book: Book, territories: tuple[str, ...], quarter: int, first_month: int, weeks: int) -> Arrivals:
    """How deals came until `now`, seen from the fiscal quarter that is forecast first."""
    deals = book.deals[book.deals["is_usable"]]
    created = deals["created_on"].to_numpy(float)
    won_within = cumulative_incidence(deals, book.now, weeks)
    daily, level, season = _company(created, book.now, quarter, first_month)

    place = pd.Categorical(deals["territory_id"], categories=list(territories)).codes
    recent = created >= book.now - RECENT
    known = place >= 0
    counts = np.bincount(place[recent & known], minlength=len(territories)).astype(float)
    even = np.array([name != UNASSIGNED for name in territories], float)
    spread = counts @ even / max(even.sum(), 1)
    factor, shape = np.ones(len(territories)), counts + 1.0
    factor[even > 0], shape[even > 0] = multipliers(counts[even > 0], np.full(int(even.sum()), max(spread, 1e-9)))
    share = np.where(even > 0, factor * spread, counts)
    rate = share / max(share.sum(), 1e-9) * daily if counts.sum() else even / max(even.sum(), 1) * daily

    followed = np.minimum((book.now - created) / 7, weeks)
    wins = (deals["is_won"] & ((deals["ended"] - created) / 7 <= weeks)).to_numpy(float)
    awaited = np.interp(followed, np.arange(weeks + 1), won_within)
    win_factor, win_shape = multipliers(
        np.bincount(place[known], wins[known], len(territories)),
        np.bincount(place[known], awaited[known], len(territories)),
    )
    amounts, took, amount_factor = _amounts(deals, place, len(territories), book.now)
    return Arrivals(
        territories,
        rate,
        shape,
        win_factor,
        win_shape,
        level,
        season,
        won_within,
        float(wins.sum()),
        amounts,
        took,
        amount_factor,
    )


def cumulative_incidence(deals: pd.DataFrame, now: float, weeks: int) -> np.ndarray:
    """The share of deals won within 0, 1, 2 … weeks of their creation, open ones censored."""
    created, ended = deals["created_on"].to_numpy(float), deals["ended"].to_numpy(float)
    lasted = np.maximum(np.minimum(ended, now) - created, 0.0) / 7
    week = np.minimum(np.ceil(lasted).astype(int), weeks + 1)
    closed, won = deals["is_closed"].to_numpy(bool), deals["is_won"].to_numpy(bool)
    at_risk = len(deals) - np.append(0, np.cumsum(np.bincount(week, minlength=weeks + 2)))[: weeks + 1]
    exits = np.bincount(week[closed], minlength=weeks + 2)[: weeks + 1]
    wins = np.bincount(week[closed & won], minlength=weeks + 2)[: weeks + 1]
    censored = np.bincount(week[~closed], minlength=weeks + 2)[: weeks + 1]
    at_risk = np.maximum(at_risk - censored / 2, 1.0)
    surviving = np.append(1.0, np.cumprod(1 - exits / at_risk)[:-1])
    return np.cumsum(surviving * wins / at_risk)


def won_by_quarter(won_within: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Wins in quarter k from one arrival a day during quarter j; `edges` are days from now, the first of them 0."""
    area = np.append(0.0, np.cumsum((won_within[1:] + won_within[:-1]) / 2)) * 7
    until = lambda days: np.interp(np.maximum(days, 0) / 7, np.arange(len(area)), area)  # noqa: E731
    start, end = edges[:-1], edges[1:]
    by_end = until(end[None, :] - start[:, None]) - until(end[None, :] - end[:, None])
    by_start = until(start[None, :] - start[:, None]) - until(start[None, :] - end[:, None])
    return np.triu(by_end - by_start)


def _company(created: np.ndarray, now: float, quarter: int, first_month: int) -> tuple[float, Level, np.ndarray]:
    """Arrivals a day, the level and shocks of quarters up to the one forecast first, and the season of each quarter."""
    season = np.ones(4)
    if len(created) == 0:
        return 0.0, fit_level(np.zeros(0), np.zeros(0)), season
    first = max(int(quarter_of(np.array([created.min()]), first_month)[0]), quarter - LONGEST_HISTORY)
    quarters = np.arange(first, quarter + 1)
    start = np.maximum(quarter_start(quarters, first_month), created.min())
    days = np.maximum(np.minimum(quarter_start(quarters + 1, first_month), now) - start, 0.0)
    counts = np.bincount(quarter_of(created[created >= start[0]], first_month) - first, minlength=len(quarters))
    counts = counts[: len(quarters)].astype(float)
    daily = counts.sum() / max(days.sum(), 1.0)
    if len(quarters) > 8:
        observed = np.bincount(quarters % 4, counts, 4)
        season, _ = multipliers(observed, np.bincount(quarters % 4, days * daily, 4))
    return daily, fit_level(counts, days * daily * season[quarters % 4]), season


def _amounts(
    deals: pd.DataFrame, place: np.ndarray, territories: int, now: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Amounts of deals won lately, the days they took, and each territory's factor on them. James & Stein (1961)."""
    worth = deals["amount"].to_numpy(float)
    won = deals["is_won"].to_numpy(bool)
    lately = won & (deals["ended"].to_numpy(float) >= now - POOL_DAYS)
    for pool in (lately, won, np.ones(len(deals), bool)):
        if pool.sum() >= LEAST_POOL:
            break
    took = np.minimum(deals["ended"].to_numpy(float), now) - deals["created_on"].to_numpy(float)
    factor = np.ones(territories)
    usable = pool & (worth > 0)
    if usable.sum() < LEAST_POOL:
        return worth[pool], took[pool], factor
    logs = np.log(worth[usable]) - np.log(worth[usable]).mean()
    at, known = place[usable], place[usable] >= 0
    count = np.bincount(at[known], minlength=territories)
    mean = np.bincount(at[known], logs[known], territories) / np.maximum(count, 1)
    within = logs.var()
    between = max(float(np.sum(count * mean**2) - within * (count > 0).sum()) / max(count.sum(), 1), 0.0)
    factor = np.exp(mean * between / (between + within / np.maximum(count, 1) + 1e-12))
    return worth[pool] / np.append(factor, 1.0)[place[pool]], took[pool], factor
