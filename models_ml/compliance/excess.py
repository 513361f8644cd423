"""Whether a plan gives a group more of its calls than the other plans would give it among the same providers.

1. What a provider is worth a call is taken from the other plans: their calls a provider by band of volume, customer or not, and group.
2. Calls come in heaps on a few providers: the variance of a provider's calls grows with their square, as much as in all plans.
3. Plans differ by more than chance; how much is told by the middle half of them. One against few others cannot be told.

Not here: which groups there are (plans).
"""

import json

import numpy as np
import pandas as pd
from scipy import stats

from models_ml.evaluation import benjamini_hochberg

FLAGGED_AT = 0.05
FEWEST_PLANS = 5
FEWEST_CALLS = 20
# Share of the calls beyond the expected one, and times it, below which an excess is no matter.
LEAST_EXCESS = 0.10
LEAST_RATIO = 1.25

# rule -> the group, and within which stratum calls are compared.
RULES = {
    "high_prescriber_focus": ("is_high", ()),
    "calls_follow_payments": ("is_paid", ("is_high",)),
    "off_label_specialty": ("is_off_label", ()),
}


def plans_beside_each_other(rows: pd.DataFrame, subject_type: str) -> pd.DataFrame:
    """One row a rule and plan that could be judged."""
    calls = rows.groupby("plan_id")["calls"].transform("sum")
    rows = rows[calls >= FEWEST_CALLS]
    if rows["plan_id"].nunique() < FEWEST_PLANS:
        return pd.DataFrame()
    return pd.concat(
        [
            _judged(rows, rule, group, list(within)).assign(subject_type=subject_type)
            for rule, (group, within) in RULES.items()
        ],
        ignore_index=True,
    )


def _judged(rows: pd.DataFrame, rule: str, group: str, within: list[str]) -> pd.DataFrame:
    rows = rows.assign(worth=_worth_elsewhere(rows, [*dict.fromkeys(["band", "is_customer", group])]))
    stratum = ["plan_id", *within]
    keys = [rows[name] for name in stratum]
    made = rows["calls"].groupby(keys).transform("sum")
    usual = made * rows["worth"] / rows["worth"].groupby(keys).transform("sum").clip(lower=1e-12)
    in_group = rows[group].to_numpy(dtype=float)
    table = pd.DataFrame({
        "calls": rows["calls"], "usual": usual, "observed": rows["calls"] * in_group, "expected": usual * in_group,
    })  # fmt: skip
    share = (table["expected"] / made.clip(lower=1e-12)).groupby(keys).transform("sum")
    table["variance"] = (in_group - share) ** 2 * (usual + _heaps(rows["calls"], usual) * usual**2)
    plans = table.groupby(rows["plan_id"]).sum()
    plans = plans[(plans["expected"] > 0.01) & (plans["variance"] > 0)]
    if len(plans) < FEWEST_PLANS:
        return pd.DataFrame()
    z = (plans["observed"] - plans["expected"]) / np.sqrt(plans["variance"].clip(lower=0.25))
    centre = float(z.median())
    spread = max(1.0, 1.4826 * float((z - centre).abs().median()))
    p_value = stats.norm.sf((z - centre) / spread)
    q_value = benjamini_hochberg(p_value)
    observed, expected = plans["observed"] / plans["calls"], plans["expected"] / plans["calls"]
    excess = observed - expected
    matters = (excess >= LEAST_EXCESS) & (observed >= LEAST_RATIO * expected)
    matters |= (excess >= LEAST_EXCESS / 2) & (observed >= 3 * expected)
    evidence = [
        json.dumps({"calls": round(n, 1), "calls_to_group": round(o, 1), "usual_calls_to_group": round(e, 1), "plans_compared": len(plans)})
        for n, o, e in zip(plans["calls"], plans["observed"], plans["expected"], strict=True)
    ]  # fmt: skip
    return pd.DataFrame({
        "rule": rule, "subject_id": plans.index.astype(str), "evidence": evidence, "observed": observed.to_numpy(),
        "expected": expected.to_numpy(), "p_value": p_value, "q_value": q_value,
        "is_flagged": (q_value <= FLAGGED_AT) & matters.to_numpy(),
        "severity": np.where(observed >= 2 * expected, "high", "medium"),
    })  # fmt: skip


def _heaps(calls: pd.Series, usual: pd.Series) -> float:
    """Squared coefficient of variation of what providers get beyond independent calls (negative binomial, by moments)."""
    return max(0.0, float(((calls - usual) ** 2 - usual).sum() / (usual**2).sum()))


def _worth_elsewhere(rows: pd.DataFrame, cell: list[str]) -> pd.Series:
    """Calls a provider of the same cell in the other plans; each plan counts alike, and a cell that no other plan knows is worth the average."""
    share = rows["calls"] / rows.groupby("plan_id")["calls"].transform("sum")
    cells = [rows[name] for name in cell]
    one = pd.DataFrame({"share": share, "n": 1.0})
    every = one.groupby(cells).transform("sum")
    own = one.groupby([rows["plan_id"], *cells]).transform("sum")
    average = float(share.sum() / len(rows))
    return (every["share"] - own["share"] + average) / (every["n"] - own["n"] + 1.0)
