"""What follows from the hazards for one deal: is it ever won, and by when?

Here belong the chances of single deals when each quarter is as the average one. Not here: shocks, sums of money.

1. A deal's features stay as they are; only its stage and its age in stage move on.
2. Time runs in weeks; a deal that enters a stage within a week is at risk there for half of it. A deal in its week a
   of a stage is, on average, half a week older than a when the next week begins.
3. Beyond the last band of age the rates stay as they are, so that the chance to be won at all has a closed form.
"""

import numpy as np

from models_ml.forecasting.hazards import Hazards
from models_ml.forecasting.stays import AGE_EDGES, AHEAD, BACK, LOST, WON

OLDEST = int(AGE_EDGES[-1])
CHUNK = 400  # deals at a time, to bound memory


def ever_won(hazards: Hazards, stage: np.ndarray, age: np.ndarray, multiplier: np.ndarray) -> np.ndarray:
    """The chance to be won at all of deals at a stage and an age in it (weeks)."""
    parts = [slice(start, start + CHUNK * 5) for start in range(0, len(stage), CHUNK * 5)]
    if not parts:
        return np.zeros(0)
    return np.concatenate([_ever(hazards, stage[part], age[part], multiplier[part]) for part in parts])


def _ever(hazards: Hazards, stage: np.ndarray, age: np.ndarray, multiplier: np.ndarray) -> np.ndarray:
    rates = hazards.rates[None] * multiplier[:, None, None, :]
    fresh = exits(rates, np.zeros(len(stage)))
    from_start = won_from_start(hazards, fresh)
    now = exits(rates[np.arange(len(stage)), stage][:, None], age)[:, 0]
    onward = np.einsum("ns,ns->n", hazards.ahead[stage], from_start)
    return now[:, WON] + now[:, AHEAD] * onward + now[:, BACK] * np.einsum("ns,ns->n", hazards.back[stage], from_start)


def exits(rates: np.ndarray, age: np.ndarray) -> np.ndarray:
    """By which cause a stay ends that has reached an age; rates by (deal, stage, band, cause)."""
    edges = np.append(AGE_EDGES, np.inf)
    width = np.clip(edges[1:] - np.maximum(edges[:-1], age[:, None]), 0.0, None)[:, None, :]
    total = np.maximum(rates.sum(axis=-1), 1e-12)
    passed = np.exp(-total * np.where(np.isfinite(width), width, 1e9))
    reached = np.cumprod(np.concatenate([np.ones_like(passed[..., :1]), passed[..., :-1]], axis=-1), axis=-1)
    return np.einsum("nsb,nsbc->nsc", reached * (1 - passed) / total, rates)


def won_from_start(hazards: Hazards, fresh: np.ndarray) -> np.ndarray:
    """The chance to be won from the entry into each stage: an absorbing chain of stages, solved at once."""
    moves = fresh[..., [AHEAD]] * hazards.ahead + fresh[..., [BACK]] * hazards.back
    system = np.eye(moves.shape[-1]) * (1 + 1e-9) - moves
    return np.linalg.solve(system, fresh[..., [WON]])[..., 0]


def winning_curves(
    hazards: Hazards, stage: np.ndarray, age: np.ndarray, multiplier: np.ndarray, weeks: int
) -> np.ndarray:
    """The chance to be won within 0, 1, 2 … weeks from now: a row a deal."""
    curves = np.zeros((len(stage), weeks + 1))
    for start in range(0, len(stage), CHUNK):
        part = slice(start, start + CHUNK)
        curves[part] = _curves(hazards, stage[part], age[part], multiplier[part], weeks)
    return curves


def _curves(hazards: Hazards, stage: np.ndarray, age: np.ndarray, multiplier: np.ndarray, weeks: int) -> np.ndarray:
    deals, stages = len(stage), len(hazards.stated)
    sooner, later = (np.searchsorted(AGE_EDGES, np.arange(OLDEST + 1) + mid, side="right") - 1 for mid in (0.75, 1.25))
    rates = (hazards.rates[:, sooner] + hazards.rates[:, later]) / 2
    shares, total = _shares(rates, multiplier)
    stays_on = np.exp(-total)
    leaves = 1 - stays_on
    won, ahead, back = leaves * shares[WON], leaves * shares[AHEAD], leaves * shares[BACK]
    at_once, fresh = _shares(hazards.rates[:, :1], multiplier)
    half = (at_once * (1 - np.exp(-fresh / 2)))[..., 0]
    remains = 1 - half.sum(axis=0)

    mass = np.zeros((deals, stages, OLDEST + 1))
    mass[np.arange(deals), stage, np.minimum(np.floor(age), OLDEST).astype(int)] = 1.0
    curve = np.zeros((deals, weeks + 1))
    for week in range(1, weeks + 1):
        gained = np.einsum("nsa,nsa->n", mass, won)
        entering = np.einsum("nsa,nsa->ns", mass, ahead) @ hazards.ahead
        entering += np.einsum("nsa,nsa->ns", mass, back) @ hazards.back
        mass *= stays_on
        mass[:, :, -1] += mass[:, :, -2]
        mass[:, :, 1:-1] = mass[:, :, :-2].copy()
        gained += (entering * half[WON]).sum(axis=1)
        passing = (entering * half[AHEAD]) @ hazards.ahead + (entering * half[BACK]) @ hazards.back
        mass[:, :, 0] = entering * remains + passing
        curve[:, week] = curve[:, week - 1] + gained
    return curve


def _shares(rates: np.ndarray, multiplier: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each cause's share of the exits by (cause, deal, stage, age), and the rate of all exits."""
    shares = np.moveaxis(rates[None] * multiplier[:, None, None, :], -1, 0)
    total = np.maximum(shares.sum(axis=0), 1e-12)
    return shares / total, total


def at_days(curves: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Curves by week read off at numbers of days, linear in between: a column a number."""
    place = np.clip(np.asarray(days, float) / 7, 0, curves.shape[1] - 1)
    low = np.minimum(np.floor(place).astype(int), max(curves.shape[1] - 2, 0))
    return curves[:, low] * (1 - (place - low)) + curves[:, np.minimum(low + 1, curves.shape[1] - 1)] * (place - low)


def median_days(curves: np.ndarray) -> np.ndarray:
    """In how many days half of all wins within the curve have come, at least one."""
    target = curves[:, -1:] / 2
    week = np.maximum((curves < target).sum(axis=1), 1)
    row = np.arange(len(curves))
    before, after = curves[row, week - 1], curves[row, np.minimum(week, curves.shape[1] - 1)]
    share = (target[:, 0] - before) / np.maximum(after - before, 1e-12)
    return np.maximum(np.round((week - 1 + np.clip(share, 0, 1)) * 7), 1.0)


__all__ = ["LOST", "at_days", "ever_won", "exits", "median_days", "winning_curves", "won_from_start"]
