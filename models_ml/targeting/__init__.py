"""How likely is a provider's first own order within the horizon?

Not here: what an adoption is worth and who is called (the marts rank by expected value and apply the gates).
"""

import datetime as dt

import pandas as pd

from models_ml.evaluation import conform, typed_empty
from models_ml.targeting.adoption import score
from models_ml.targeting.names import with_names

OUTPUTS = {
    "scores": {
        "npi": "text",
        "procedure_family": "text",
        "adoption_probability": "num",
        "reasons": "json",
        "is_baseline": "bool",
        "model_version": "text",
    },
    "report": {
        "model_version": "text",
        "metric": "text",
        "split": "text",
        "value": "num",
        "lower": "num",
        "upper": "num",
    },
}


def score_adoption(
    provider_months: pd.DataFrame,
    adoptions: pd.DataFrame,
    as_of: dt.date,
    horizon_days: int,
    random_state: int = 0,
    contracts: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Probabilities of the current rows of providers who are not yet customers, and how good they would have been before.

    `contracts` holds the names with which reasons speak of a contract; no model reads it.
    """
    if provider_months.empty:
        return typed_empty(OUTPUTS)
    scores, report = score(provider_months, adoptions, as_of, int(horizon_days), random_state)
    scores = scores if contracts is None else with_names(scores, contracts)
    empty = typed_empty(OUTPUTS)
    return {
        "scores": conform(scores, OUTPUTS["scores"]) if len(scores) else empty["scores"],
        "report": conform(report, OUTPUTS["report"]) if len(report) else empty["report"],
    }


__all__ = ["OUTPUTS", "score_adoption"]
