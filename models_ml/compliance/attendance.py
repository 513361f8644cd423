"""Who was paid by the company for attending again and again: meals, travel, education, honoraria and speaking, by day.

Days of payment grow with acquaintance, so a provider is held against others with as many calls. Counts of this kind are about lognormal;
their middle and spread are taken robustly, so that whom we look for does not set the measure. Not here: other payments.
"""

import json

import numpy as np
import pandas as pd
from scipy import stats

from models_ml.compliance.excess import FLAGGED_AT
from models_ml.evaluation import benjamini_hochberg

FEWEST_PAID = 20
FEWEST_DAYS = 6
LEAST_RATIO = 3.0
# Degrees of freedom: heavier tails than a lognormal's, since nobody is flagged for being the keenest of many.
TAILS = 12


def repeated_attendance(known: pd.DataFrame) -> pd.DataFrame:
    """One row a provider who was paid for attending in 36 months, where enough were."""
    paid = known[known["own_attendance_days_36m"] > 0]
    if len(paid) < FEWEST_PAID:
        return pd.DataFrame()
    days = paid["own_attendance_days_36m"].to_numpy(dtype=float)
    log_days = np.log(days + 0.5)
    acquaintance = np.log1p(paid["calls_12m"].to_numpy(dtype=float))
    fit = stats.theilslopes(log_days, acquaintance) if np.ptp(acquaintance) > 0 else None
    slope = max(0.0, float(fit.slope)) if fit is not None else 0.0
    centre = log_days - slope * acquaintance
    middle = slope * acquaintance + np.median(centre)
    # The upper half tells the spread: the lower one is cut off at one day.
    above = centre[centre >= np.median(centre)] - np.median(centre)
    spread = max(0.5, 1.4826 * float(np.median(above)))
    p_value = stats.t.sf((log_days - middle) / spread, TAILS)
    q_value = benjamini_hochberg(p_value)
    expected = np.maximum(np.exp(middle) - 0.5, 1.0)
    is_flagged = (q_value <= FLAGGED_AT) & (days >= FEWEST_DAYS) & (days >= LEAST_RATIO * expected)
    evidence = [
        json.dumps({"days": int(day), "usual_days": round(float(usual), 1), "calls_12m": int(calls), "paid_providers": len(paid)})
        for day, usual, calls in zip(days, expected, paid["calls_12m"], strict=True)
    ]  # fmt: skip
    return pd.DataFrame({
        "rule": "repeated_paid_attendance", "subject_type": "provider", "subject_id": paid["npi"].astype(str).to_numpy(),
        "severity": np.where(days >= 2 * LEAST_RATIO * expected, "high", "medium"), "evidence": evidence, "observed": days,
        "expected": expected, "p_value": p_value, "q_value": q_value, "is_flagged": is_flagged,
    })  # fmt: skip
