"""The weekly rates of stages and bands of age, before anything tells one deal from another.

Here belongs the shrinkage of counts to rates. Not here: features of deals, reps, families.

1. First how soon deals leave a stage at all, then by which cause they do: few exits move the pace, not the split.
2. A stage's rate of a cause is shrunk towards that which the stated probabilities imply, or towards the company's, by how
   likely each makes the counts; a band's rate towards its stage's. With no deals the stated probabilities alone speak.
3. Nothing lies ahead of the last stage, nothing behind the first.
"""

import numpy as np

from models_ml.forecasting.shrinkage import SHAPES, log_likelihood, multipliers, shape_prior, shape_weights
from models_ml.forecasting.stays import AGE_EDGES, AHEAD, BACK, LOST, WON

CAUSES = 4
BANDS = len(AGE_EDGES)
STATED_EXITS = 2.0  # how many exits a stage the stated probabilities are worth
FLAT_PRIOR = 0.05  # how likely it is beforehand that the map of stages says nothing about a cause
WEEKS_UNKNOWN = 6.0  # mean weeks in a stage where no deal ever left one
LEAST_SHARE = 0.05  # of the exits that the prior is worth, for a cause that hardly occurs
LARGEST_BAND_SHAPE = 50.0  # how many exits at most the band before is worth


def stated_rates(stated: np.ndarray, pace: float) -> np.ndarray:
    """Rates that lead from each stage to a win with the stated probability when every exit is one step ahead or lost."""
    onward = np.append(np.clip(stated[:-1] / stated[1:], 0.05, 0.98), stated[-1])
    rates = np.zeros((len(stated), CAUSES))
    rates[:-1, AHEAD] = onward[:-1]
    rates[-1, WON] = onward[-1]
    rates[:, LOST] = 1 - onward
    rates[:-1, WON] = 0.02 * onward[:-1]
    rates[1:, BACK] = 0.02
    return rates * pace


def possible_moves(stages: int) -> np.ndarray:
    """No stage lies ahead of the last one, none behind the first."""
    allowed = np.ones((stages, CAUSES))
    allowed[-1, AHEAD] = 0
    allowed[0, BACK] = 0
    return allowed


def baseline_rates(counts: np.ndarray, weeks: np.ndarray, stated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rates by stage, band and cause, and how many exits a stage's rate of each cause rests on.

    First how soon deals leave at all, then by which cause they do.
    """
    stages, allowed = len(stated), possible_moves(len(stated))
    pace = (counts.sum() + stages) / (weeks.sum() + stages * WEEKS_UNKNOWN)
    sooner = _pace(counts.sum(axis=2), weeks * pace)
    weeks, from_map = weeks * sooner, stated_rates(stated, pace)
    exits, at_risk = counts.sum(axis=1), weeks.sum(axis=1)
    by_stage = np.zeros((stages, CAUSES))
    rates = np.zeros((stages, BANDS, CAUSES))
    for cause in range(CAUSES):
        usable = allowed[:, cause] > 0
        if not usable.any():
            continue
        worth = STATED_EXITS * stages * from_map[:, cause].sum() / from_map.sum()
        scale = (exits[:, cause].sum() + worth) / ((at_risk * from_map[:, cause]).sum() + worth)
        flat = (exits[:, cause].sum() + 0.5) / ((at_risk * usable).sum() + 0.5 / pace)
        by_stage[usable, cause] = _stage_rates(
            exits[usable, cause], at_risk[usable], from_map[usable, cause] * scale, flat, STATED_EXITS * stages
        )
        awaited = weeks * by_stage[:, [cause]]
        profile = _profile(counts[:, :, cause].sum(axis=0), awaited.sum(axis=0))
        departure, _ = multipliers(counts[:, :, cause], awaited * profile)
        rates[:, :, cause] = sooner * by_stage[:, [cause]] * profile * departure
    return rates, exits + np.maximum(by_stage / pace, LEAST_SHARE) * STATED_EXITS


def _pace(exits: np.ndarray, awaited: np.ndarray) -> np.ndarray:
    """By how much deals leave each stage and band sooner than the company's mean pace, by whichever cause."""
    stage = multipliers(exits.sum(axis=1), awaited.sum(axis=1))[0][:, None]
    profile = _profile(exits.sum(axis=0), (awaited * stage).sum(axis=0))
    return stage * profile * multipliers(exits, awaited * stage * profile)[0]


def _stage_rates(exits: np.ndarray, at_risk: np.ndarray, mapped: np.ndarray, flat: float, usual: float) -> np.ndarray:
    """Rates shrunk towards the stated map's and towards the company's, averaged by how likely each makes the exits."""
    priors, likely = (mapped, np.full_like(mapped, flat)), []
    for prior, odds in zip(priors, (1 - FLAT_PRIOR, FLAT_PRIOR), strict=True):
        likely.append(log_likelihood(exits, at_risk * prior, SHAPES) + np.log(shape_prior(usual) * odds))
    weight = np.exp(np.array(likely) - np.max(likely)).sum(axis=1)
    shrunk = [prior * multipliers(exits, at_risk * prior, usual)[0] for prior in priors]
    return np.average(shrunk, axis=0, weights=weight)


def _profile(exits: np.ndarray, awaited: np.ndarray) -> np.ndarray:
    """How each band of age departs from its stage's rate, shrunk towards the band before: ages that few reach follow it."""
    shape = min(float(shape_weights(exits, awaited) @ SHAPES), LARGEST_BAND_SHAPE)
    profile, before = np.ones(len(exits)), 1.0
    for band in range(len(exits)):
        before = profile[band] = (exits[band] + shape * before) / (awaited[band] + shape)
    return profile
