"""How likely is a provider's first own order within the horizon?

Not here: what an adoption is worth and who is called (the marts rank by expected value and apply the gates).
"""

import datetime as dt

import pandas as pd

from models_ml.evaluation import conform, typed_empty
from models_ml.targeting.adoption import score
from models_ml.targeting.champion import read, written
from models_ml.targeting.features import FEATURES, first_orders_by
from models_ml.targeting.names import counted, with_names
from models_ml.targeting.teaching import teaching_days

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
    "champion": {"model_version": "text", "fitted_on": "date", "model": "json"},
}


def score_adoption(
    provider_months: pd.DataFrame,
    adoptions: pd.DataFrame,
    diagnoses: pd.DataFrame,
    champion: pd.DataFrame,
    as_of: dt.date,
    horizon_days: int,
    random_state: int = 0,
    contracts: pd.DataFrame | None = None,
    lists: pd.DataFrame | None = None,
    families: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Probabilities of the current rows of providers who are not yet customers, and how good they would have been before.

    `champion` is the newest such frame of an earlier night, without rows where there is none; the one returned is for later nights.
    `contracts` holds the names with which reasons speak of a contract; no model reads it. `lists` holds
    the lists of earlier nights as they stood on each day, one of the baselines, `families` the company's
    own, by which reasons say what a volume counts.
    """
    if provider_months.empty:
        return typed_empty(OUTPUTS)
    in_use = read(str(champion["model"].iloc[0])) if len(champion) else None
    scores, report, winner = score(
        provider_months, adoptions, diagnoses, in_use, as_of, int(horizon_days), random_state, lists, counted(families)
    )
    scores = scores if contracts is None else with_names(scores, contracts)
    kept = pd.DataFrame(
        [{"model_version": winner.version, "fitted_on": winner.final.fitted_on, "model": written(winner)}]
        if winner
        else [],
        columns=list(OUTPUTS["champion"]),
    )
    empty = typed_empty(OUTPUTS)
    outputs = {"scores": scores, "report": report, "champion": kept}
    return {table: conform(rows, OUTPUTS[table]) if len(rows) else empty[table] for table, rows in outputs.items()}


__all__ = ["FEATURES", "OUTPUTS", "first_orders_by", "score_adoption", "teaching_days"]
