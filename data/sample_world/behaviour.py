"""How reps and surgeons behave month by month: who is known, called, tried and won, and the true hazard behind it.

Calls follow acquaintance and promise, so calling and buying share causes; the effect of a call itself is small.
Nothing is written here: the CRM and the truth are written from these arrays.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_world.clock import AS_OF_MONTH, MONTHS
from sample_world.contracts import suppliers_by_month
from sample_world.people import People
from sample_world.streams import stream
from sample_world.volumes import FOCUS, Volumes

NEVER = 999
CALL_EFFECT = 0.10
CALLS_PER_MONTH = 44
EFFECTS = {
    "volume": 0.55, "trend": 1.0, "lock_in": -0.65, "own_contract": 0.6, "competitor_contract": -0.5, "peers": 1.3,
    "trial": 0.9, "mix": 0.3, "hidden": 0.35,
}  # fmt: skip


@dataclass(frozen=True)
class Behaviour:
    """Arrays with one row a provider; `adopted_in` is a month number, negative before the first claim month."""

    eligible: np.ndarray
    lock_in: np.ndarray
    rival: np.ndarray
    mix: np.ndarray
    acquaintance: np.ndarray
    promise: np.ndarray
    known_from: np.ndarray
    do_not_call: np.ndarray
    is_uncalled_riser: np.ndarray
    calls: np.ndarray
    trials: np.ndarray
    hazard: np.ndarray
    adopted_in: np.ndarray
    edges: pd.DataFrame
    true_call_effect: float


def make_behaviour(seed: int, people: People, volumes: Volumes, contracts: pd.DataFrame, signal: bool) -> Behaviour:
    """Simulate relationships, calls, trials and adoptions over the observed months and the sealed future."""
    rng = stream(seed, "behaviour")
    providers = people.providers
    size = len(providers)
    volume, trend, eligible = _focus_volume(volumes, size)
    lock_in = rng.beta(1.3, 2.6, size=size)
    mix = rng.beta(7, 2.4, size=size)
    hidden = rng.normal(size=size)
    promise = 0.6 * volume[:, AS_OF_MONTH // 2] - 0.35 * (lock_in - 0.33) / 0.21 + 0.6 * hidden
    acquaintance = rng.normal(size=size) + 0.35 * promise
    known_from = _known_from(rng, eligible, acquaintance, promise)
    is_riser = np.zeros(size, dtype=bool)
    is_riser[volumes.pairs.provider[volumes.pairs.is_riser]] = True
    is_uncalled_riser = is_riser & (rng.random(size) < 0.72)
    known_from[is_uncalled_riser & (rng.random(size) < 0.5)] = NEVER
    edges = make_edges(seed, people)
    own, competitor = suppliers_by_month(contracts, len(people.facilities))
    fixed = (
        EFFECTS["lock_in"] * (lock_in - 0.33) / 0.21
        + EFFECTS["mix"] * (mix - 0.745) / 0.13
        + EFFECTS["hidden"] * hidden
    )
    logit = EFFECTS["volume"] * volume + EFFECTS["trend"] * trend + fixed[:, None]
    month = np.arange(MONTHS)
    site = np.where(month >= providers.moved_in.to_numpy()[:, None], providers.later_site.to_numpy()[:, None],
                    providers.site.to_numpy()[:, None])  # fmt: skip
    logit += EFFECTS["own_contract"] * own[site, month] + EFFECTS["competitor_contract"] * competitor[site, month]
    base = -5.15
    early = 1 / (1 + np.exp(-(logit[:, 0] * 1.1 - 2.2)))
    adopted_in = np.where(
        eligible & ~is_uncalled_riser & (rng.random(size) < early), -rng.integers(1, 25, size=size), NEVER
    )
    known_from[adopted_in < 0] = -1
    do_not_call = rng.random(size) < 0.02
    calls = np.zeros((size, MONTHS), dtype=np.int64)
    trials = np.zeros((size, MONTHS), dtype=bool)
    hazard = np.zeros((size, MONTHS))
    degree = np.maximum(np.bincount(edges.one, minlength=size), 1)
    territory = providers.territory.to_numpy()
    for t in range(MONTHS):
        is_customer = adopted_in < t
        reachable = (known_from <= t) & ~do_not_call & ~(is_uncalled_riser & (t > AS_OF_MONTH - 16))
        weight = reachable * np.exp(
            0.8 * acquaintance + 0.3 * promise + 0.5 * is_customer + rng.normal(0, 0.3, size=size)
        )
        total = np.bincount(territory, weights=weight)[territory]
        calls[:, t] = rng.poisson(CALLS_PER_MONTH * np.divide(weight, total, out=np.zeros(size), where=total > 0))
        trials[:, t] = reachable & eligible & ~is_customer & (rng.random(size) < 0.03 * np.exp(0.5 * promise))
        peers = np.bincount(edges.one, weights=is_customer[edges.other], minlength=size) / degree
        recent = calls[:, max(0, t - 2) : t + 1].sum(axis=1) * CALL_EFFECT
        tried = trials[:, max(0, t - 2) : t + 1].any(axis=1)
        score = base + signal * (logit[:, t] + EFFECTS["peers"] * peers + recent + EFFECTS["trial"] * tried)
        hazard[:, t] = eligible / (1 + np.exp(-(score if signal else score + 0.6)))
        adopts = eligible & (adopted_in == NEVER) & (rng.random(size) < hazard[:, t])
        adopted_in[adopts] = t
        known_from[adopts] = np.minimum(known_from[adopts], t)
    return Behaviour(eligible, lock_in, rng.integers(0, 4, size=size), mix, acquaintance, promise, known_from, do_not_call,
                     is_uncalled_riser, calls, trials, hazard, adopted_in, edges,
                     _effect_of_one_call(hazard, adopted_in) if signal else 0.0)  # fmt: skip


def make_edges(seed: int, people: People) -> pd.DataFrame:
    """Shared patients: most between colleagues of one site, the rest within the territory; both directions."""
    rng = stream(seed, "shared patients")
    providers = people.providers
    size = len(providers)
    one = np.repeat(np.arange(size), rng.poisson(3.5, size=size))
    other = np.empty(len(one), dtype=np.int64)
    at_site = rng.random(len(one)) < 0.65
    for group, chosen in ((providers.site.to_numpy(), at_site), (providers.territory.to_numpy(), ~at_site)):
        order = np.argsort(group, kind="stable")
        start = np.searchsorted(group[order], group[one[chosen]], side="left")
        end = np.searchsorted(group[order], group[one[chosen]], side="right")
        other[chosen] = order[start + (rng.random(chosen.sum()) * (end - start)).astype(int)]
    edges = pd.DataFrame(
        {"one": one, "other": other, "patients": np.round(rng.lognormal(2.6, 0.9, size=len(one))).astype(int)}
    )
    edges = edges[edges.one != edges.other]
    both = pd.concat([edges, edges.rename(columns={"one": "other", "other": "one"})])
    return both.groupby(["one", "other"], as_index=False).patients.max()


def _focus_volume(volumes: Volumes, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Standardised log volume and its trend against a year before, by month, and who has focus volume at all."""
    focus = volumes.pairs.family.to_numpy() < len(FOCUS)
    total = np.zeros((size, MONTHS))
    np.add.at(total, volumes.pairs.provider.to_numpy()[focus], volumes.rates[focus])
    sums = np.cumsum(total, axis=1)
    window = np.minimum(np.arange(MONTHS) + 1, 12)
    year = (sums - np.pad(sums, ((0, 0), (12, 0)))[:, :MONTHS]) / window
    eligible = total.max(axis=1) > 0.3
    volume = np.where(eligible[:, None], (np.log(year + 0.2) - 1.0) / 1.1, -2.0)
    quarter = (sums - np.pad(sums, ((0, 0), (3, 0)))[:, :MONTHS]) / 3
    before = np.pad(quarter, ((0, 0), (12, 0)))[:, :MONTHS]
    known = (np.arange(MONTHS) >= 14) & eligible[:, None]
    trend = np.where(known, np.clip(np.log((quarter + 0.3) / (before + 0.3)), -1.0, 1.0), 0.0)
    return volume, trend, eligible


def _known_from(
    rng: np.random.Generator, eligible: np.ndarray, acquaintance: np.ndarray, promise: np.ndarray
) -> np.ndarray:
    chance = np.where(eligible, 1 / (1 + np.exp(-(0.9 + 0.9 * acquaintance + 0.4 * promise))), 0.22)
    size = len(eligible)
    since = np.where(rng.random(size) < 0.8, -1, rng.integers(0, MONTHS, size=size))
    return np.where(rng.random(size) < chance, since, NEVER)


def _effect_of_one_call(hazard: np.ndarray, adopted_in: np.ndarray) -> float:
    """Mean change in the six-month probability of a first order by one more kept call."""
    start = np.arange(0, AS_OF_MONTH - 5)
    at_risk = (adopted_in[:, None] >= start) & (hazard[:, :1] > 0)
    now, more = np.ones(at_risk.shape), np.ones(at_risk.shape)
    for lead in range(6):
        h = hazard[:, start + lead]
        lifted = 1 / (1 + (1 - h) / np.maximum(h, 1e-12) * np.exp(-CALL_EFFECT)) if lead < 3 else h
        now *= 1 - h
        more *= 1 - lifted
    return float((now - more)[at_risk].mean())
