"""One row an open deal: the chances that are published, and why they are what they are.

Here belong single deals. Not here: sums.

A reason names what sets a deal apart; its effect is the published chance less that
with the feature taken back to its reference (the first stage, the average deal, a deal that entered its stage today).
"""

import json

import numpy as np
import pandas as pd

from models_ml.forecasting.hazards import FEATURES, GROUPS
from models_ml.forecasting.outlook import Evidence, Outlook
from models_ml.forecasting.probabilities import ever_won, median_days
from models_ml.forecasting.quarters import as_date
from models_ml.forecasting.simulate import conditional_log_odds

SHOWN, SMALLEST = 4, 0.002


def deal_rows(evidence: Evidence, outlook: Outlook, remark: str, seed: int) -> pd.DataFrame:
    """Chances, expected day and reasons of each open deal, in the order of the book."""
    book, current = evidence.book, evidence.current
    level = outlook.level.mean_level
    stage = current["stage"].to_numpy(int)
    ever = shifted(outlook.ever, level)
    soon = np.minimum(chance_this_quarter(outlook, seed), ever)
    days = median_days(outlook.curves)

    effects = {}
    for name in (*FEATURES, *GROUPS):
        if outlook.hazards.groups:
            without = ever_won(outlook.hazards, stage, outlook.age, outlook.hazards.multipliers(current, drop=name))
            effects[name] = ever - shifted(without, level)
    first = np.zeros_like(stage)
    effects["stage"] = ever - shifted(ever_won(outlook.hazards, first, outlook.age, outlook.multiplier), level)
    effects["weeks_in_stage"] = ever - shifted(
        ever_won(outlook.hazards, stage, np.zeros(len(stage)), outlook.multiplier), level
    )
    if abs(level) > 0.02:
        effects["recent_quarters"] = ever - outlook.ever
    values = _values(evidence, outlook, level)
    reasons = [_reasons(row, effects, values, remark) for row in range(len(current))]
    return pd.DataFrame(
        {
            "opportunity_id": current["opportunity_id"],
            "win_probability": ever,
            "close_this_quarter_probability": soon,
            "expected_close_on": [as_date(book.now - 1 + ahead) for ahead in days],
            "reasons": reasons,
        }
    )


def shifted(p: np.ndarray, shift: float) -> np.ndarray:
    """Probabilities moved on the scale of log-odds."""
    p = np.clip(p, 1e-9, 1 - 1e-9)
    return p * np.exp(shift) / (1 - p + p * np.exp(shift))


def chance_this_quarter(outlook: Outlook, seed: int, paths: int = 200) -> np.ndarray:
    """The chance to be won in the first quarter, averaged over what its shock may be."""
    shift = outlook.level.draw(paths, 1, np.random.default_rng([seed, 6]))[:, 0]
    odds = conditional_log_odds(outlook.chances[:, :1])
    mean = np.zeros(len(odds))
    for move in shift:
        mean += 1 / (1 + np.exp(-(odds[:, 0] + move))) / paths
    return np.where(outlook.chances[:, 0] <= 0, 0.0, mean)


def _values(evidence: Evidence, outlook: Outlook, level: float) -> dict[str, list]:
    current = evidence.current
    return {
        "stage": [evidence.book.ladder.names[place] for place in current["stage"]],
        "amount": [None if pd.isna(v) else round(float(v), 2) for v in current["amount"]],
        "amount_against_rep": [None if pd.isna(v) else round(float(v), 2) for v in current["amount"]],
        "slips": [int(v) for v in current["slips"].fillna(0)],
        "moves_back": [int(v) for v in current["backs"].fillna(0)],
        "age_before_stage": [round(float(v) / 7, 1) for v in current["age_before"].fillna(0)],
        "stated_probability": [None if pd.isna(v) else round(float(v), 4) for v in current["stated"]],
        "procedure_family": list(current["procedure_family"]),
        "rep_id": list(current["rep_id"]),
        "weeks_in_stage": [round(float(v), 1) for v in outlook.age],
        "recent_quarters": [round(float(np.exp(level)), 3)] * len(current),
    }


def _reasons(row: int, effects: dict[str, np.ndarray], values: dict[str, list], remark: str) -> str:
    shown = []
    ranked = sorted(effects, key=lambda name: (-abs(round(float(effects[name][row]), 6)), name))
    for name in ranked[:SHOWN]:
        if abs(effects[name][row]) >= SMALLEST:
            shown.append({"feature": name, "value": values[name][row], "effect": round(float(effects[name][row]), 4)})
    if remark:
        shown.append({"feature": "model", "value": remark, "effect": 0.0})
    return json.dumps(shown, ensure_ascii=False)
