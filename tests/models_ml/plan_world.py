"""A field force whose calls follow volume and custom, with or without the red flags that the audit looks for.

Reps differ in how they work; calls and payments come in heaps. Nothing here is the product's. Not here: what the audit must find.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

BAD_REPS, BAD_PROVIDERS = 2, 6
# A rep with a red flag gives two calls in three to a group that would have had one in twenty to four in ten.
PLANTED, FROM, TO = 2 / 3, 0.05, 0.4
SPECIALTIES = ("Orthopedic Surgery", "Family Practice", "Rheumatology")


@dataclass(frozen=True)
class PlanWorld:
    providers: pd.DataFrame
    calls: pd.DataFrame
    plan: pd.DataFrame
    flags: set[tuple[str, str]]  # rule, subject


def make(seed: int, reps: int = 24, size: int = 70, has_flags: bool = True) -> PlanWorld:
    rng = np.random.default_rng(seed)
    n = reps * size
    territory = np.repeat(np.arange(reps), size)
    is_surgeon = rng.random(n) < 0.6
    volume = np.where(is_surgeon, np.round(rng.gamma(0.9, 60, n)), 0.0)
    is_customer = rng.random(n) < np.where(is_surgeon, 0.05 + 0.25 * (volume > 60), 0)
    npi = np.array([f"{1000000000 + k}" for k in range(n)])
    # How keenly a rep follows volume differs from rep to rep.
    keenness = rng.normal(1.0, 0.25, reps)[territory]
    worth = np.exp(keenness * 0.5 * np.log1p(volume) + 1.0 * is_customer - 1.2 * ~is_surgeon) * rng.gamma(1.0, 1.0, n)
    is_paid = rng.random(n) < np.where(is_surgeon, 0.10 + 0.15 * is_customer + 0.10 * (volume > 100), 0.01)
    flags: set[tuple[str, str]] = set()
    groups = {
        "high_prescriber_focus": volume >= np.quantile(volume[volume > 0], 0.9),
        "calls_follow_payments": is_paid,
        "off_label_specialty": ~is_surgeon,
    }
    if has_flags:
        free = list(rng.permutation(reps))
        for rule, group in groups.items():
            shares = {rep: worth[(territory == rep) & group].sum() / worth[territory == rep].sum() for rep in free}
            for rep in [rep for rep in free if FROM <= shares[rep] <= TO][:BAD_REPS]:
                odds = PLANTED / (1 - PLANTED) * (1 - shares[rep]) / shares[rep]
                worth[(territory == rep) & group] *= odds
                free.remove(rep)
                flags.add((rule, f"rep{rep}"))
    calls = np.zeros(n)
    for rep in range(reps):
        here = np.flatnonzero(territory == rep)
        calls[here] = rng.multinomial(rng.poisson(500), worth[here] / worth[here].sum())
    days = np.where(is_paid, 1 + rng.poisson(np.exp(rng.normal(0.4 + 0.15 * np.log1p(calls), 0.5))), 0)
    recent = rng.binomial(np.minimum(calls, 40).astype(int), 0.25)
    if has_flags:
        chosen = rng.choice(np.flatnonzero(is_paid & (calls < 20)), BAD_PROVIDERS, replace=False)
        days[chosen] = rng.integers(45, 70, BAD_PROVIDERS)
        flags |= {("repeated_paid_attendance", npi[k]) for k in chosen}
    recent = np.minimum(recent, 13)
    if has_flags:
        often = rng.choice(n, BAD_PROVIDERS, replace=False)
        recent[often] = rng.integers(14, 40, BAD_PROVIDERS)
        calls[often] = np.maximum(calls[often], recent[often])
        flags |= {("call_frequency", npi[k]) for k in often}
    providers = pd.DataFrame({
        "npi": npi, "territory_id": [f"T{t}" for t in territory],
        "specialty": np.where(is_surgeon, SPECIALTIES[0], rng.choice(SPECIALTIES[1:], n)), "volume_12m": volume,
        "is_customer": is_customer, "own_payments_36m_usd": np.where(is_paid, days * 60.0, 0), "own_attendance_days_36m": days,
    })  # fmt: skip
    table = pd.DataFrame(
        {"rep_id": [f"rep{t}" for t in territory], "npi": npi, "calls_12m": calls, "calls_91d": recent}
    )
    return PlanWorld(providers, table[table["calls_12m"] > 0], a_list(rng, providers, worth), flags)


def a_list(rng: np.random.Generator, providers: pd.DataFrame, worth: np.ndarray) -> pd.DataFrame:
    """A list by expected volume with noise, as the product's would be; thirty a territory with one to six calls."""
    score = np.log1p(providers["volume_12m"]) + rng.normal(0, 1, len(providers))
    open_ = providers.assign(score=score)[~providers["is_customer"] & (providers["volume_12m"] > 0)]
    rank = open_.groupby("territory_id")["score"].rank(ascending=False, method="first")
    listed = open_[rank <= 30].assign(rank=rank)
    calls = np.clip(7 - np.ceil(listed["rank"] / 5), 1, 6)
    return pd.DataFrame({
        "npi": listed["npi"], "territory_id": listed["territory_id"], "calls_per_quarter": calls, "change": "kept",
    })  # fmt: skip
