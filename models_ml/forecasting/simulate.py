"""Paths of money won by quarter: open deals and deals to come, under shocks that deals share.

Here belong the draws. Not here: how likely a deal is, how large the shocks are, and how cells add up to levels.

1. A cell is a territory with a rep. Every path holds all cells, so that a path's levels add up by themselves.
2. A quarter's departure (see `shocks`) moves the log-odds of all deals alike; a territory's moves its own deals. What is
   not known of a rep's multiplier moves that rep's deals in all quarters of a path.
3. A deal that is won brings its amount times a ratio drawn from those that past won deals showed.
"""

from dataclasses import dataclass

import numpy as np

from models_ml.forecasting.arrivals import Arrivals, won_by_quarter
from models_ml.forecasting.shocks import SHOCKS, Level

CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Departures:
    """Drawn departures on the log scale: of the company (paths, quarters), of territories and of cells."""

    company: np.ndarray
    territory: np.ndarray
    cell: np.ndarray


def draw_departures(
    level: Level, local: np.ndarray, cell_spread: np.ndarray, territories: int, paths: int, quarters: int, seed: int
) -> Departures:
    """One draw of every departure for every path."""
    rng = np.random.default_rng([seed, 1])
    company = level.draw(paths, quarters, rng)
    width = SHOCKS[rng.choice(len(SHOCKS), size=paths, p=local)]
    territory = rng.standard_normal((territories, paths, quarters)) * width[None, :, None]
    cell = rng.standard_normal((len(cell_spread), paths)) * cell_spread[:, None]
    return Departures(company, territory - width[None, :, None] ** 2 / 2, cell - cell_spread[:, None] ** 2 / 2)


def open_deal_money(
    chances: np.ndarray,
    amounts: np.ndarray,
    units: np.ndarray,
    cell: np.ndarray,
    territory_of_cell: np.ndarray,
    ratios: np.ndarray,
    departures: Departures,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Money and units by cell, path and quarter from open deals; `chances` are by deal and quarter."""
    rng = np.random.default_rng([seed, 2])
    paths, quarters = departures.company.shape
    cells = len(territory_of_cell)
    money, pieces = np.zeros((quarters, cells * paths)), np.zeros((quarters, cells * paths))
    odds = conditional_log_odds(chances)
    step = max(CELLS_AT_ONCE // paths, 1)
    for first in range(0, len(amounts), step):
        part = slice(first, first + step)
        at, ground = cell[part], territory_of_cell[cell[part]]
        chance = rng.random((len(at), paths), dtype=np.float32)
        is_open = np.ones(chance.shape, bool)
        for quarter in range(quarters):
            shift = (
                departures.company[None, :, quarter] + departures.territory[ground, :, quarter] + departures.cell[at]
            )
            p = (1 / (1 + np.exp(-(odds[part, [quarter]] + shift)))).astype(np.float32)
            deal, path = np.nonzero(is_open & (chance < p))
            value = amounts[part][deal] * rng.choice(ratios, len(deal))
            place = at[deal] * paths + path
            money[quarter] += np.bincount(place, value, cells * paths)
            pieces[quarter] += np.bincount(place, value * units[part][deal], cells * paths)
            is_open[deal, path] = False
            chance = np.where(is_open, (chance - p) / np.maximum(1 - p, 1e-6), 1.0)
    return _by_cell(money, cells), _by_cell(pieces, cells)


def conditional_log_odds(chances: np.ndarray) -> np.ndarray:
    """The log-odds to be won in each quarter for a deal that was not won in the ones before."""
    before = np.cumsum(chances, axis=1) - chances
    p = np.clip(chances / np.maximum(1 - before, 1e-9), 1e-7, 1 - 1e-7)
    return np.log(p) - np.log1p(-p)


def new_deal_money(
    arrivals: Arrivals,
    share: np.ndarray,
    territory_of_cell: np.ndarray,
    quarters: np.ndarray,
    edges: np.ndarray,
    units: float,
    departures: Departures,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Money and units by cell, path and quarter from deals not yet created; `share` is a cell's part of its territory."""
    rng = np.random.default_rng([seed, 3])
    paths, count = departures.company.shape
    cells, grounds = len(territory_of_cell), len(arrivals.territories)
    money = np.zeros((count, cells * paths))
    if len(arrivals.amounts) == 0 or arrivals.rate.sum() == 0:
        return _by_cell(money, cells), _by_cell(money, cells)
    wins_of_one = won_by_quarter(arrivals.won_within, edges)
    season = arrivals.season_of(quarters)
    coming = np.exp(arrivals.level.draw(paths, count, rng)) * season
    sureness = 1 / max(arrivals.wins, 1.0)
    curve_error = np.exp(np.sqrt(sureness) * rng.standard_normal(paths) - sureness / 2)
    rate = arrivals.rate[:, None] * _around_one(arrivals.rate_shape, (grounds, paths), rng)
    rate = rate * arrivals.win_factor[:, None] * _around_one(arrivals.win_shape, (grounds, paths), rng)
    for quarter in range(count):
        wins = (coming @ wins_of_one[:, quarter]) * curve_error * np.exp(departures.company[:, quarter])
        mean = rate * wins[None, :] * np.exp(departures.territory[:, :, quarter])
        number = rng.poisson(mean[territory_of_cell] * share[:, None]).ravel()
        place = np.repeat(np.arange(cells * paths), number)
        weight = arrivals.amount_weights(edges[quarter], edges[quarter + 1])
        value = (
            rng.choice(arrivals.amounts, len(place), p=weight)
            * arrivals.amount_factor[territory_of_cell[place // paths]]
        )
        money[quarter] = np.bincount(place, value, cells * paths)
    return _by_cell(money, cells), _by_cell(money * units, cells)


def _around_one(shape: np.ndarray, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Gamma draws with mean 1 and variance one over the shape."""
    return rng.gamma(shape[:, None], 1 / shape[:, None], size)


def _by_cell(flat: np.ndarray, cells: int) -> np.ndarray:
    return np.moveaxis(flat.reshape(len(flat), cells, -1), 0, 2)
