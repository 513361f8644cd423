"""Companies of a few territories with a sealed truth: who really underperforms, who only has little to sell, who is new, what is vacant.

Orders come provider by provider (some buy, most do not, a few large ones count for much), month by month, with a season, growth,
counts more spread than Poisson, and a lasting deviation of each territory that is nobody's fault.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

AS_OF = pd.Timestamp(2026, 6, 30)
SEASON = 1 + 0.25 * np.sin(np.arange(12) / 12 * 2 * np.pi)
PRICE = 5000.0


@dataclass(frozen=True)
class Plan:
    """What is planted, by territory number; `factor` is what an underperformer takes of what it should."""

    territories: int = 12
    months: int = 30
    underperforming: tuple[int, ...] = ()
    factor: float = 0.3
    new: tuple[int, ...] = ()
    vacant: tuple[int, ...] = ()
    small: tuple[int, ...] = ()
    deviation: float = 0.15
    providers: float = 40.0
    team_of_four_takes: float = 1.0


def frames(seed: int, plan: Plan) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The features of such a company and its teams of four."""
    rng = np.random.default_rng(seed)
    months = pd.date_range(end=AS_OF, periods=plan.months, freq="MS")
    rows = [_territory(rng, plan, number, months) for number in range(plan.territories)]
    teams = pd.DataFrame(
        [(f"M{number // 4}", f"T{number:02d}", month) for number in range(plan.territories) for month in months],
        columns=["manager_id", "territory_id", "month"],
    )
    return pd.concat(rows, ignore_index=True), teams


def _territory(rng: np.random.Generator, plan: Plan, number: int, months: pd.DatetimeIndex) -> pd.DataFrame:
    count = max(int(rng.poisson(plan.providers * rng.lognormal(0, 0.5)) * (0.15 if number in plan.small else 1)), 3)
    volume = rng.lognormal(3, 1.0, size=count)
    share = rng.beta(2.2, 2.2, size=count) * (rng.random(count) < 0.5)
    seat = 2 if number in plan.new else int(rng.integers(14, 80))
    effect = rng.normal(0, plan.deviation)
    factor = plan.factor if number in plan.underperforming else 1.0
    factor *= plan.team_of_four_takes if number < 4 else 1.0
    factor *= 0.5 if number in plan.new or number in plan.vacant else 1.0
    growth = np.linspace(0.8, 1.2, len(months)) * SEASON[months.month - 1]
    mean = (volume * share)[:, None] / 12 * growth * np.exp(effect) * factor
    quantity = rng.poisson(mean * rng.gamma(3, 1 / 3, size=mean.shape))
    quantity = np.concatenate([quantity, rng.poisson(0.5, size=(1, len(months))) * 0])
    usd = quantity * PRICE
    year = pd.DataFrame(usd.T).rolling(12, min_periods=1).sum().to_numpy().T[:count]
    worth = volume[:, None] * PRICE * np.ones(len(months))
    sits = np.ones(len(months), dtype=int)
    if number in plan.vacant:
        sits[-5:] = 0
    tenure = np.maximum(seat - np.arange(len(months))[::-1], 0)
    return pd.DataFrame({
        "territory_id": f"T{number:02d}", "month": months, "is_overlay": False, "is_served_from_elsewhere": False,
        "is_before_first_rep": False, "reps_in_seat": sits,
        "rep_id": np.where(sits == 0, None, np.where(tenure > 0, f"r{number}", f"former{number}")),
        "months_in_seat": np.where(tenure > 0, tenure, 30), "orders": (quantity > 0).sum(axis=0), "orders_usd": usd.sum(axis=0),
        "calls": rng.poisson(45, size=len(months)), "potential_usd": worth.sum(axis=0),
        "potential_squares": (worth**2).sum(axis=0) / 1e12, "potential_by_orders": (worth * year).sum(axis=0) / 1e12,
        "orders_squares": (year**2).sum(axis=0) / 1e12, "provider_orders_usd": year.sum(axis=0),
    })  # fmt: skip
