"""The pipeline as it happened: each deal's way through the stages, week by week, beyond as-of too.

Won, lost, forward and back compete, by stage age, the deal's quality and a shock common to a quarter. What the CRM
shows of it is written in pipeline.py.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_world.behaviour import Behaviour
from sample_world.clock import AS_OF_MONTH, as_of_day, fiscal_quarter, month_number
from sample_world.company import REVENUE
from sample_world.crm_structure import Structure
from sample_world.streams import stream
from sample_world.volumes import FOCUS, Volumes

FIRST_WEEK = np.datetime64("2022-05-02")
WEEKS = 274
DEALS_PER_REP_WEEK = 0.9
OPEN_STAGES = 5
WON, LOST = 6, 7
_FORWARD = np.array([0.100, 0.085, 0.090, 0.070, 0.130])
_LOSS = np.array([0.060, 0.052, 0.040, 0.034, 0.026])
_BACK = np.array([0.0, 0.006, 0.010, 0.008, 0.006])
_SHOCK = 0.28


@dataclass(frozen=True)
class Deals:
    """`deals` one row each; `moves` every entry into a stage, in time, creation included."""

    deals: (
        pd.DataFrame
    )  # territory, provider, contact, family, amount, quality, week, created_on, final_stage, closed_on
    moves: pd.DataFrame  # deal, stage, week, day
    open_win_probability: (
        pd.DataFrame
    )  # deal, win_probability, win_this_quarter_probability (true, for those open at as-of)


def make_deals(
    seed: int, structure: Structure, volumes: Volumes, behaviour: Behaviour, first_order: np.ndarray
) -> Deals:
    """Create deals where reps see promise, let them run, and price the truth of those open at as-of."""
    deals = _created(seed, structure, volumes, behaviour, first_order)
    rng = stream(seed, "stages")
    quarters = _quarter_numbers()
    shock = stream(seed, "shocks").normal(0, _SHOCK, size=quarters.max() + 1)
    stage, entered = np.ones(len(deals), dtype=int), deals.week.to_numpy().copy()
    moves = [pd.DataFrame({"deal": deals.index, "stage": 1, "week": deals.week})]
    as_of_week = int((as_of_day() - FIRST_WEEK).astype(int) // 7)
    standing = None
    for week in range(WEEKS):
        if week == as_of_week:
            standing = (stage.copy(), entered.copy())
        active = (deals.week.to_numpy() < week) & (stage <= OPEN_STAGES)
        new = _step(rng, stage, week - entered, deals.quality.to_numpy(), shock[quarters[week]], active)
        changed = np.flatnonzero(new != stage)
        moves.append(pd.DataFrame({"deal": changed, "stage": new[changed], "week": week}))
        entered[changed] = week
        stage = new
    history = pd.concat(moves, ignore_index=True).sort_values(["deal", "week"], kind="stable").reset_index(drop=True)
    weekday = stream(seed, "move days").integers(0, 5, size=len(history))
    weekday = np.where(history.week == as_of_week, 2 + weekday % 3, weekday)  # that week's moves fall after as-of
    history["day"] = FIRST_WEEK + history.week.to_numpy() * 7 + weekday
    ends = history[history.stage > OPEN_STAGES].set_index("deal")
    deals["final_stage"] = ends.stage.reindex(deals.index).fillna(0).astype(int)
    deals["closed_on"] = ends.day.reindex(deals.index)
    deals["created_on"] = history.drop_duplicates("deal").set_index("deal").day
    last_day = deals.closed_on.fillna(pd.Timestamp(as_of_day())).to_numpy()
    deals["owner"] = structure.owner(deals.territory.to_numpy(), np.minimum(month_number(last_day), AS_OF_MONTH))
    truth = _true_probabilities(seed, deals, *standing, as_of_week, quarters)
    return Deals(deals, history, truth)


def _created(
    seed: int, structure: Structure, volumes: Volumes, behaviour: Behaviour, first_order: np.ndarray
) -> pd.DataFrame:
    rng = stream(seed, "deals")
    count = np.zeros(len(structure.contact_of))
    chosen = volumes.pairs.family.to_numpy() < len(FOCUS)
    np.add.at(count, volumes.pairs.provider.to_numpy()[chosen], volumes.pairs.base.to_numpy()[chosen])
    candidates = np.flatnonzero(behaviour.eligible & (structure.contact_of >= 0) & (count > 0))
    weight = np.exp(0.6 * behaviour.promise + 0.4 * behaviour.acquaintance)
    territory = structure.contacts.territory.to_numpy()[structure.contact_of[candidates]]
    parts = []
    for t in range(len(structure.rep_now)):
        here = candidates[territory == t]
        weeks = np.repeat(np.arange(WEEKS), rng.poisson(DEALS_PER_REP_WEEK, size=WEEKS))
        if len(here):
            picked = rng.choice(here, size=len(weeks), p=weight[here] / weight[here].sum())
            parts.append(pd.DataFrame({"territory": t, "provider": picked, "week": weeks}))
    deals = pd.concat(parts, ignore_index=True).sort_values(["week", "territory"], kind="stable").reset_index(drop=True)
    size = len(deals)
    family = rng.integers(0, 2, size=size)
    yearly = 12 * count[deals.provider] * np.array([REVENUE[f] for f in FOCUS])[family] * 0.25
    deals["family"] = family
    deals["amount"] = np.round(np.clip(yearly * rng.lognormal(-0.2, 0.5, size=size), 4_000, 500_000), -2)
    day = FIRST_WEEK + deals.week.to_numpy() * 7
    deals["rep"] = structure.owner(deals.territory.to_numpy(), month_number(day))
    deals["is_expansion"] = first_order[deals.provider] < day
    skill = stream(seed, "rep skill").normal(size=len(structure.users))
    deals["quality"] = (
        0.5 * np.clip(behaviour.promise[deals.provider], -2, 2) + 0.4 * deals.is_expansion + 0.3 * skill[deals.rep]
        - 0.25 * np.log(deals.amount / 60_000) + rng.normal(0, 0.6, size=size)
    )  # fmt: skip
    return deals


def _quarter_numbers() -> np.ndarray:
    starts = fiscal_quarter(FIRST_WEEK + np.arange(WEEKS) * 7)
    return np.unique(starts, return_inverse=True)[1]


def _step(
    rng: np.random.Generator,
    stage: np.ndarray,
    age: np.ndarray,
    quality: np.ndarray,
    shock: float | np.ndarray,
    active: np.ndarray,
) -> np.ndarray:
    """One week of competing hazards; a forward move skips a stage now and then."""
    at = np.minimum(stage, OPEN_STAGES) - 1
    ripening = np.minimum(0.5 + age / 4, 1.3) * np.exp(-np.maximum(age - 10, 0) / 15)
    forward = _FORWARD[at] * ripening * np.exp(0.35 * quality + shock)
    loss = _LOSS[at] * np.minimum(0.6 + age / 12, 1.8) * np.exp(-0.5 * quality - shock)
    draw = rng.random(stage.shape)
    skip = (rng.random(stage.shape) < 0.08) & (at < OPEN_STAGES - 1)
    new = np.where(draw < forward, stage + 1 + skip, stage)
    new = np.where((draw >= forward) & (draw < forward + loss), LOST, new)
    back = (draw >= forward + loss) & (draw < forward + loss + _BACK[at])
    return np.where(active, np.where(back, stage - 1, new), stage)


def _true_probabilities(
    seed: int,
    deals: pd.DataFrame,
    stage: np.ndarray,
    entered: np.ndarray,
    as_of_week: int,
    quarters: np.ndarray,
    worlds: int = 300,
) -> pd.DataFrame:
    """Run the deals open at as-of through many futures, each with its own shocks."""
    rng = stream(seed, "futures")
    rows = np.flatnonzero((deals.week.to_numpy() < as_of_week) & (stage <= OPEN_STAGES))
    state = np.tile(stage[rows], (worlds, 1))
    since = np.tile(entered[rows], (worlds, 1))
    quality = np.tile(deals.quality.to_numpy()[rows], (worlds, 1))
    shocks = rng.normal(0, _SHOCK, size=(worlds, 40))
    this_quarter = np.zeros(len(rows))
    for week in range(as_of_week, as_of_week + 104):
        quarter = quarters[min(week, WEEKS - 1)] - quarters[as_of_week] if week < WEEKS else 39
        new = _step(rng, state, week - since, quality, shocks[:, [quarter]], state <= OPEN_STAGES)
        since = np.where(new != state, week, since)
        state = new
        if week + 1 < WEEKS and quarters[week + 1] == quarters[as_of_week]:
            continue
        if week < WEEKS and quarters[week] == quarters[as_of_week]:
            this_quarter = (state == WON).mean(axis=0)
    return pd.DataFrame(
        {"deal": rows, "win_probability": (state == WON).mean(axis=0), "win_this_quarter_probability": this_quarter}
    )
