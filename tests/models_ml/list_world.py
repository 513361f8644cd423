"""Nights of the list on made-up providers and reps. Not here: what is promised of them (`test_allocation`, `test_list_changes`)."""

import datetime as dt

import numpy as np
import pandas as pd

from models_ml.allocation import allocate_calls

COMPANY = pd.Series(
    {
        "name": "Acme",
        "calls_per_rep_per_week": 4,
        "holdout_share": 0.0,
        "adoption_horizon_days": 180,
        "calls_per_provider_per_quarter": 13,
        "rep_annual_cost_usd": 0,
    }
)
NO_MONTHS = pd.DataFrame({"npi": [], "snapshot_on": [], "procedure_family": []})
NO_ORDERS = pd.DataFrame({"npi": [], "first_order_on": []})
LISTED = [
    "npi", "territory_id", "rep_id", "tier", "rank", "calls_per_quarter", "assignment", "adoption_probability",
    "open_revenue_usd", "kept_share", "drive_minutes", "listed_on", "is_on_last_list", "was_ever_treated", "first_order_on",
    "is_active", "present_territory_id",
]  # fmt: skip


def candidates(n: int, seed: int = 0, territories: int = 2, **changed) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    asked = rng.poisson(2, n)
    rows = pd.DataFrame({
        "npi": [f"{1_000_000_000 + k}" for k in range(n)], "territory_id": [f"T{k % territories}" for k in range(n)],
        "is_withheld": False, "is_rep_target": False, "open_revenue_usd": np.round(np.exp(rng.normal(11, 1, n)), 2),
        "calls_3m": rng.poisson(0.5, n), "asked_calls_24m": asked, "kept_calls_24m": rng.binomial(asked, 0.8),
        "calling_rep_id": None, "latitude": 40 + rng.normal(0, 0.3, n), "longitude": -80 + rng.normal(0, 0.3, n),
        "feedback": "none", "is_approval": False, "is_answer_in_force": False, "answer_reason": None,
        "answered_on": pd.NaT, "answer_holds_until": pd.NaT, "reopened_because": None,
    })  # fmt: skip
    return rows.assign(**changed)


def seats(*pairs: tuple[str, str]) -> pd.DataFrame:
    rows = pd.DataFrame(pairs or [("r0", "T0"), ("r1", "T1"), ("r2", "T1")], columns=["rep_id", "territory_id"])
    return rows.assign(start_latitude=np.nan, start_longitude=np.nan, minutes_per_call=np.nan)


def scores(rows: pd.DataFrame, seed: int = 0, noise: float = 0.0) -> pd.DataFrame:
    log_odds = np.random.default_rng(seed).normal(-3, 0.8, len(rows))
    log_odds += noise * np.random.default_rng(seed + 1000).normal(size=len(rows))
    reasons = '[{"feature": "volume_12m", "value": 9, "effect": 0.2, "text": "9 procedures: raises the odds by 22 %"}]'
    probability = 1 / (1 + np.exp(-log_odds))
    return pd.DataFrame({"npi": rows["npi"], "procedure_family": "hip", "adoption_probability": probability}).assign(
        reasons=reasons, is_baseline=False
    )


def nights_before(plan: pd.DataFrame | None = None, earlier: pd.DataFrame | None = None) -> pd.DataFrame:
    """What the features tell of earlier lists, once `plan` was the last of them."""
    if plan is None:
        return pd.DataFrame(columns=LISTED)
    rows = plan[plan["change"] != "dropped"].assign(
        listed_on=pd.Timestamp("2025-06-29"), is_on_last_list=True, first_order_on=pd.NaT, is_active=True,
        present_territory_id=plan["territory_id"], was_ever_treated=plan["assignment"] == "treat",
    )[LISTED]  # fmt: skip
    older = [] if earlier is None else [earlier[~earlier["npi"].isin(rows["npi"])].assign(is_on_last_list=False)]
    # As they come from a file: plain objects and numbers.
    return pd.concat([rows, *older], ignore_index=True).astype({"npi": object, "tier": object, "rep_id": object})


def night(rows, scored=None, before=None, reps=None, **company) -> pd.DataFrame:
    told = COMPANY.copy()
    for name, value in company.items():
        told[name] = value
    arguments = (scores(rows) if scored is None else scored, rows, seats() if reps is None else reps)
    return allocate_calls(
        *arguments, nights_before() if before is None else before, NO_MONTHS, NO_ORDERS, dt.date(2025, 6, 30), told
    )["plan"]


def place(plan: pd.DataFrame) -> pd.DataFrame:
    columns = ["npi", "territory_id", "rep_id", "tier", "rank", "calls_per_quarter", "assignment"]
    return plan[plan["change"] != "dropped"][columns].reset_index(drop=True)


def share_changed(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """Of the list before, who left it or has another tier, and of the list after, who is new, over the longer of both."""
    tiers = [plan[plan["change"] != "dropped"].set_index("npi")["tier"] for plan in (before, after)]
    both = pd.concat(tiers, axis=1, keys=["before", "after"])
    return float(
        (both["before"].astype(object).fillna("-") != both["after"].astype(object).fillna("-")).sum()
        / max(map(len, tiers))
    )
