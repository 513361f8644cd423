"""Whom does each rep call in a quarter, and how often, so that the calls bring most?

Scores say how likely a first order is; here calls are given where one more adds most, within what each rep can do, and the list of
last night stays unless something is clearly better. Not here: scores (`targeting`), and who may not be listed (the gates decide before).
"""

import datetime as dt

import pandas as pd

from models_ml.allocation.calls import allocate
from models_ml.allocation.candidates import weigh
from models_ml.allocation.changes import dropped, explained
from models_ml.allocation.response import MOST_CALLS, estimate_response
from models_ml.evaluation import conform, typed_empty

OUTPUTS = {
    "plan": {
        "npi": "text",
        "territory_id": "text",
        "rep_id": "text",
        "tier": "text",
        "rank": "int",
        "calls_per_quarter": "int",
        "change": "text",
        "reason": "text",
        "why": "text",
        "assignment": "text",
        "feedback": "text",
        "adoption_probability": "num",
        "open_revenue_usd": "num",
        "kept_share": "num",
        "drive_minutes": "num",
        "tier_before": "text",
        "calls_before": "int",
    },
    "response": {
        "calls_per_quarter": "int",
        "relative_probability": "num",
        "relative_marginal": "num",
        "elasticity": "num",
        "observed_elasticity": "num",
        "lower": "num",
        "upper": "num",
        "n": "int",
        "positives": "int",
        "method": "text",
    },
}


def allocate_calls(
    scores: pd.DataFrame,
    candidates: pd.DataFrame,
    seats: pd.DataFrame,
    listed: pd.DataFrame,
    provider_months: pd.DataFrame,
    adoptions: pd.DataFrame,
    as_of: dt.date,
    settings: pd.Series,
) -> dict[str, pd.DataFrame]:
    """Tonight's list with the change of each row and its reason, who left it and why, and the response to calls behind it."""
    response = estimate_response(provider_months, adoptions, as_of, int(settings["adoption_horizon_days"]))
    tables = {"response": conform(response.curve(), OUTPUTS["response"])}
    pace = float(settings["calls_per_rep_per_week"])
    most = min(MOST_CALLS, int(settings["calls_per_provider_per_quarter"]))
    weighed = weigh(candidates, seats, scores, listed, response.elasticity, pace, most)
    is_priced = bool((candidates["open_revenue_usd"] > 0).any())
    call_cost = float(settings["rep_annual_cost_usd"]) / (52 * pace) if is_priced and pace > 0 else 0.0
    planned, offered = allocate(
        weighed, int(13 * pace), response.elasticity, call_cost, float(settings["holdout_share"]), str(settings["name"])
    )
    horizon = int(settings["adoption_horizon_days"])
    plan = pd.concat(
        [explained(planned, listed, horizon), dropped(planned, offered, listed, candidates, seats)], ignore_index=True
    )
    plan = conform(plan, OUTPUTS["plan"]) if len(plan) else typed_empty(OUTPUTS)["plan"]
    return {"plan": plan.sort_values(["territory_id", "rank", "npi"], kind="stable"), **tables}


__all__ = ["MOST_CALLS", "OUTPUTS", "allocate_calls"]
