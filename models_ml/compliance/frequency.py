"""Who was called, or is planned to be called, more often in a quarter than the company allows. A limit is a fact: no p-value.

Not here: the gate that keeps who reached the cap off the list (dbt, `int_providers_at_cap`).
"""

import json

import numpy as np
import pandas as pd

from models_ml.evaluation import as_numbers


def beyond_the_cap(known: pd.DataFrame, plan: pd.DataFrame, cap: int) -> pd.DataFrame:
    """One row a provider with more calls in the last 13 weeks, or more planned for the next, than `cap`."""
    planned = plan[plan["change"] != "dropped"].set_index("npi")["calls_per_quarter"]
    calls = pd.DataFrame({
        "made": known.set_index("npi")["calls_91d"],
        "planned": as_numbers(planned).groupby(level=0).sum(),
    }).fillna(0.0)  # fmt: skip
    worst = calls.max(axis=1)
    over = calls[worst > cap]
    return pd.DataFrame({
        "rule": "call_frequency", "subject_type": "provider", "subject_id": over.index.astype(str),
        "severity": np.where(worst[over.index] >= 2 * cap, "high", "medium"),
        "evidence": [json.dumps({"calls_91d": int(m), "planned_calls": int(p), "cap": cap}) for m, p in over.to_numpy()],
        "observed": worst[over.index].to_numpy(dtype=float), "expected": float(cap), "p_value": np.nan, "q_value": np.nan, "is_flagged": True,
    })  # fmt: skip
