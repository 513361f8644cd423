"""A company's providers month by month, with monthly hazards that are known: what the scores are tested and measured on.

Not here: claims, files or layouts (the sample world has those); what is asserted (`test_targeting`) and what is measured (`tests.bench`).
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.targeting.calibration import sigmoid

AS_OF, HORIZON = dt.date(2025, 6, 30), 180
DIAGNOSES = ["npi", "snapshot_on", "diagnosis_family", "lines_24m", "lines_of_any_24m"]


@dataclass(frozen=True)
class World:
    """What the models may see, and the true chance of each provider over the six months after `AS_OF`."""

    months: pd.DataFrame
    adoptions: pd.DataFrame
    diagnoses: pd.DataFrame
    truth: pd.Series


def simulate(
    seed: int,
    n: int = 900,
    months: int = 36,
    signal: float = 1.0,
    rate: float = -5.8,
    families: tuple[str, ...] = ("hip", "knee"),
    specialties: tuple[str, ...] = ("Ortho", "Hand", "Spine"),
    indication: float = 0.0,
    turns_in: int | None = None,
) -> World:
    """Monthly hazards that depend on volume, calls, lock-in, contracts and specialty; orders are recorded for 30 months.

    `indication` is the weight of the patients' diagnoses: the drug is for the psoriatic, whom specialties see in any share. From the month
    `turns_in` on twice as many order and calls count for nothing.
    """
    rng = np.random.default_rng(seed)
    days = pd.date_range(end=AS_OF, periods=months, freq="ME")
    npis = np.array([f"{1_000_000_000 + k}" for k in range(n)])
    specialty = rng.choice(specialties, n, p=[0.6, 0.25, 0.15])
    liked = pd.Series(dict(zip(specialties, (0.4, -0.6, 0.0), strict=True)))[specialty].to_numpy()
    level = {family: np.where(rng.random(n) < 0.7, np.exp(rng.normal(3.5, 1, n)), 0) for family in families}
    lock_in = np.clip(rng.exponential(0.4, n) * (rng.random(n) < 0.4), 0, 1)
    habit, ends = np.exp(rng.normal(-1.5, 1, n)), np.where(rng.random(n) < 0.5, rng.integers(0, 900, n), np.nan)
    calls, first, frames, hazard = rng.poisson(habit[:, None], (n, months)), pd.Series(pd.NaT, range(n)), [], None
    # Of streams of their own, so that what came before they were known is drawn as ever.
    missed, is_closed = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2]).random(n) < 0.03
    psoriatic, lines, seen = rng.beta(1.2, 1.8, n), rng.poisson(60, n), []
    for month, day in enumerate(days):
        volume = {family: rng.poisson(mean).astype(float) for family, mean in level.items()}
        total, calls_12m = sum(volume.values()), calls[:, max(0, month - 11) : month + 1].sum(axis=1)
        left = np.where(ends - 30.4 * month >= 0, ends - 30.4 * month, np.nan)
        has_turned = float(turns_in is not None and month >= turns_in)
        near = np.nan_to_num(np.clip(1 - left / 365, 0, 1))
        effect = (
            0.6 * (np.log1p(total) - 3.5)
            + (0.7 - 0.7 * has_turned) * np.log1p(calls_12m)
            - 1.2 * lock_in
            + near
            + liked
        )
        effect = effect + indication * (psoriatic - 0.4) + np.log(2) * has_turned
        hazard = sigmoid(rate + signal * effect)
        counts = rng.binomial(lines, psoriatic)
        for family, count in (("psoriatic", counts), ("rheumatoid", lines - counts)) if indication else ():
            seen.append(pd.DataFrame(dict(zip(DIAGNOSES, (npis, day, family, count, lines), strict=True))))
        common = {
            "snapshot_on": day, "is_current": day == pd.Timestamp(AS_OF), "territory_id": "T", "state": "OH",
            "specialty": specialty, "months_since_enumerated": 200, "is_new_to_family": False, "competitor_lock_in": lock_in,
            "competitor_payments_36m_usd": 900 * lock_in, "competitor_payments_12m_usd": 300 * lock_in,
            "facility_count": rng.poisson(1, n), "has_competitor_contract": ~np.isnan(left), "has_own_contract": False,
            "days_to_competitor_contract_end": left, "calls_3m": calls[:, max(0, month - 2) : month + 1].sum(axis=1),
            "calls_12m": calls_12m, "calls_ever": calls[:, : month + 1].sum(axis=1), "trials_12m": 0,
            "is_access_closed": is_closed, "missed_calls_12m": missed.poisson(0.2 * calls_12m),
            "marketing_responses_12m": 0, "marketing_touches_12m": rng.poisson(1, n), "peer_count": rng.poisson(4, n),
            "peers_adopted": 0, "facility_adopters": 0, "own_payments_usd": rng.exponential(100, n),
        }  # fmt: skip
        for family in families:
            own = {name: volume[family] * part for name, part in (("volume_12m", 1.0), ("prior_volume_12m", 1.0))}
            quarters = {
                "volume_3m": rng.poisson(level[family] / 4),
                "volume_3m_year_ago": rng.poisson(level[family] / 4),
            }
            own |= {name: values.astype(float) for name, values in quarters.items()}
            own |= {
                "active_months_12m": np.minimum(volume[family], 12),
                "other_family_volume_12m": total - volume[family],
            }
            frames.append(pd.DataFrame({"npi": npis, "procedure_family": family, **common, **own})[level[family] > 0])
        if month >= months - 30:
            ordered = first.isna().to_numpy() & (rng.random(n) < hazard) & (sum(level.values()) > 0)
            first[ordered] = day + pd.to_timedelta(rng.integers(1, 29, ordered.sum()), unit="D")
    adoptions = pd.DataFrame({"npi": npis, "first_order_on": first}).dropna()
    truth = pd.Series(1 - (1 - hazard) ** 6, index=npis)
    known = adoptions[adoptions["first_order_on"] <= pd.Timestamp(AS_OF)]
    diagnoses = pd.concat(seen, ignore_index=True) if seen else pd.DataFrame(columns=DIAGNOSES)
    return World(pd.concat(frames, ignore_index=True), known, diagnoses, truth)
