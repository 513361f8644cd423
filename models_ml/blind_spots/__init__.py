"""What the field does not see. Here: providers whose volume rises while nobody calls them.

Not here: blind spots that need no model (contracts that end, records that do not link), which the marts find themselves.
"""

import datetime as dt

import pandas as pd

from models_ml.blind_spots.rising import tested_providers
from models_ml.evaluation import conform, typed_empty

OUTPUTS = {
    "rising": {
        "npi": "text",
        "procedure_family": "text",
        "observed": "num",
        "expected": "num",
        "rate_ratio": "num",
        "p_value": "num",
        "q_value": "num",
        "months_compared": "int",
        "evidence": "json",
    }
}


def find_rising(
    volume_months: pd.DataFrame, claim_lags: pd.DataFrame, status: pd.DataFrame, as_of: dt.date
) -> dict[str, pd.DataFrame]:
    """Every tested provider and focus family with its p- and q-value; which q is published is for the marts to say."""
    tested = tested_providers(volume_months, claim_lags, status, as_of)
    return {"rising": conform(tested, OUTPUTS["rising"])} if len(tested) else typed_empty(OUTPUTS)


__all__ = ["OUTPUTS", "find_rising"]
