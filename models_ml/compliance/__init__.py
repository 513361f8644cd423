"""Do call plans follow medicine, or money and habit? The audit of what reps did in a year, and of tonight's own list by the same measures.

1. A plan is a rep's calls of twelve months, or a territory's list with its calls a quarter; plans are judged beside each other.
2. Three rules ask whether a plan's calls go to a group far beyond what the other plans would do among the same providers: high prescribers,
   whom we pay, specialties that hold no focus family. Cases attended and trials are the surgeon's own doing and are no calls here.
3. Two rules look at providers: paid again and again for attending, and called more often than the company allows.
4. Flags are those at a false discovery rate of 5 % within rule and kind of subject, and of some size; a breach of a limit is a fact and has no p-value.

OIG, Special Fraud Alert on Speaker Programs (2020); flags: Benjamini & Hochberg (1995); what is usual among plans is taken from their
middle, so that a few bad ones do not hide each other. Not here: who may be listed at all (the gates), and what is done about a flag.
"""

import pandas as pd

from models_ml.compliance.attendance import repeated_attendance
from models_ml.compliance.excess import FLAGGED_AT, plans_beside_each_other
from models_ml.compliance.frequency import beyond_the_cap
from models_ml.compliance.plans import described, lists, years
from models_ml.evaluation import conform, typed_empty

OUTPUTS = {
    "findings": {
        "rule": "text",
        "subject_type": "text",
        "subject_id": "text",
        "severity": "text",
        "evidence": "json",
        "observed": "num",
        "expected": "num",
        "p_value": "num",
        "q_value": "num",
        "is_flagged": "bool",
    }
}


def audit_plans(
    plan: pd.DataFrame, providers: pd.DataFrame, calls: pd.DataFrame, settings: pd.Series
) -> dict[str, pd.DataFrame]:
    """Everything that was judged, flagged or not."""
    if providers.empty:
        return typed_empty(OUTPUTS)
    known = described(providers, calls)
    cap = int(settings["calls_per_provider_per_quarter"])
    found = [
        plans_beside_each_other(years(calls, known), "rep"),
        plans_beside_each_other(lists(plan, known), "list"),
        repeated_attendance(known),
        beyond_the_cap(known, plan, cap),
    ]
    found = [table for table in found if len(table)]
    if not found:
        return typed_empty(OUTPUTS)
    return {"findings": conform(pd.concat(found, ignore_index=True), OUTPUTS["findings"])}


__all__ = ["FLAGGED_AT", "OUTPUTS", "audit_plans"]
