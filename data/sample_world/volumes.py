"""How much each provider does: true monthly rates, the plants in them, and the counts that nature drew.

Season, market, slow growth, sudden rises and falls; counts are negative binomial around the rate.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_world.clock import AS_OF_MONTH, FIRST_MONTH, MONTHS, SEASON
from sample_world.streams import stream

FAMILIES = ("hip_replacement", "knee_replacement", "knee_arthroscopy", "joint_injection")
FOCUS = FAMILIES[:2]
DISPERSION = 9.0
FIRST_PUBLIC_YEAR = 2012
_SHARE = {  # share of a specialty that does the family at all
    "orthopedic": (0.62, 0.74, 0.55, 0.70), "reconstruction": (0.97, 0.98, 0.15, 0.60), "sports": (0.06, 0.18, 0.85, 0.75),
    "rheumatology": (0, 0, 0, 0.60), "rehabilitation": (0, 0, 0, 0.55), "assistant": (0, 0, 0, 0.30),
    "nurse": (0, 0, 0, 0.20), "family": (0, 0, 0, 0.15),
}  # fmt: skip
_MEDIAN = {  # median monthly rate of those who do
    "orthopedic": (1.2, 1.7, 1.1, 1.0), "reconstruction": (4.0, 5.2, 0.6, 0.9), "sports": (0.6, 0.8, 1.6, 1.0),
}  # fmt: skip


@dataclass(frozen=True)
class Volumes:
    """One row of `pairs` is a provider and a family; `rates` and `counts` hold its months from the first claim month."""

    pairs: pd.DataFrame  # provider, family, base, growth, change_month, change_ratio, is_riser
    rates: np.ndarray
    counts: np.ndarray
    public_counts: np.ndarray  # yearly, from FIRST_PUBLIC_YEAR to the year before the first claim month


def make_volumes(seed: int, providers: pd.DataFrame, signal: bool) -> Volumes:
    """Draw who does what, plant the changes, and draw the counts."""
    pairs = _make_pairs(seed, providers)
    pairs = _plant_changes(seed, providers, pairs, signal)
    rates = _monthly_rates(seed, providers, pairs)
    rng = stream(seed, "counts")
    counts = rng.poisson(rates * rng.gamma(DISPERSION, 1 / DISPERSION, size=rates.shape))
    years = np.arange(FIRST_PUBLIC_YEAR, FIRST_MONTH.year + 1)
    middle = (years - FIRST_MONTH.year) * 12 + 0.0
    yearly = (
        pairs.base.to_numpy()[:, None] * np.exp(pairs.growth.to_numpy()[:, None] * (middle - AS_OF_MONTH / 2) / 12) * 12
    )
    yearly[:, -1] /= 2  # the year of the first claim month: its first half alone
    started = providers.started.to_numpy()[pairs.provider][:, None]
    yearly = yearly * np.clip((middle + 6 - started) / 12, 0, 1)
    public = rng.poisson(yearly * rng.gamma(DISPERSION * 6, 1 / (DISPERSION * 6), size=yearly.shape))
    return Volumes(pairs, rates, counts, public)


def _make_pairs(seed: int, providers: pd.DataFrame) -> pd.DataFrame:
    rng = stream(seed, "pairs")
    share = np.array([_SHARE[k] for k in providers.kind])
    median = np.array([_MEDIAN.get(k, (0, 0, 0, 0.8)) for k in providers.kind])
    skill = rng.normal(0, 0.75, size=(len(providers), 1))
    base = median * np.exp(skill + rng.normal(0, 0.45, size=median.shape))
    provider, family = np.nonzero((rng.random(share.shape) < share) & (base > 0.05))
    pairs = pd.DataFrame({"provider": provider, "family": family, "base": np.minimum(base[provider, family], 45.0)})
    pairs["growth"] = rng.normal(0.01, 0.05, size=len(pairs))
    return pairs


def _plant_changes(seed: int, providers: pd.DataFrame, pairs: pd.DataFrame, signal: bool) -> pd.DataFrame:
    """About one focus pair in eleven rises in the last months, one in fourteen falls at some time."""
    rng = stream(seed, "changes")
    draw = rng.random(len(pairs))
    candidate = (
        (pairs.family < len(FOCUS))
        & providers.is_in_claim_feed.to_numpy()[pairs.provider]
        & (providers.started.to_numpy()[pairs.provider] < 0)
        & (providers.moved_in.to_numpy()[pairs.provider] == 999)
        & (pairs.base > 0.8)
    ).to_numpy() & signal
    is_riser = candidate & (draw < 0.09)
    is_decliner = candidate & (draw > 0.93)
    month = np.where(is_riser, rng.integers(AS_OF_MONTH - 7, AS_OF_MONTH - 3, size=len(pairs)), 999)
    month = np.where(is_decliner, rng.integers(6, AS_OF_MONTH - 4, size=len(pairs)), month)
    ratio = np.where(is_riser, rng.uniform(1.6, 3.2, size=len(pairs)), 1.0)
    ratio = np.where(is_decliner, rng.uniform(0.3, 0.6, size=len(pairs)), ratio)
    return pairs.assign(change_month=month, change_ratio=ratio, is_riser=is_riser)


def _monthly_rates(seed: int, providers: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    rng = stream(seed, "market")
    month = np.arange(MONTHS)
    season = SEASON[(FIRST_MONTH.month - 1 + month) % 12]
    market = np.exp(np.cumsum(rng.normal(0.002, 0.012, size=(len(FAMILIES), MONTHS)), axis=1))
    years = (month - AS_OF_MONTH / 2) / 12
    growth = np.exp(pairs.growth.to_numpy()[:, None] * years)
    changed = month >= pairs.change_month.to_numpy()[:, None]
    change = np.where(changed, pairs.change_ratio.to_numpy()[:, None], 1.0)
    started = providers.started.to_numpy()[pairs.provider][:, None]
    working = np.clip((month - started + 1) / 6, 0, 1)
    return pairs.base.to_numpy()[:, None] * season * market[pairs.family] * growth * change * working
