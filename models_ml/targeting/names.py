"""What a reason calls things: a contract's supplier and hospital by name, as the company's own files spell them, and what a volume counts.

A name is told only where it belongs to the very figure of the reason; nothing else of a reason changes. Names are data: they are
put into a text and never read as one.
"""

import json

import numpy as np
import pandas as pd

from models_ml.targeting.reasons import PROCEDURES

ENDS = "days_to_competitor_contract_end"


def counted(families: pd.DataFrame | None) -> str:
    """Procedures, prescriptions or both: what the volumes of the company's focus families are made of."""
    if families is None:
        return PROCEDURES
    words = set(families.loc[families["is_focus"].astype(bool), "counted"])
    return f"{PROCEDURES} and prescriptions" if len(words) > 1 else next(iter(words), PROCEDURES)


def with_names(scores: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """The same scores, with supplier and facility in the reasons that speak of a contract's end."""
    if scores.empty or contracts.empty:
        return scores
    known = contracts.drop_duplicates("npi").set_index("npi")
    speaks = scores["reasons"].str.contains(f'"{ENDS}"', regex=False).fillna(False).astype(bool) & scores["npi"].isin(
        known.index
    )
    if not speaks.any():
        return scores
    spoken = scores[speaks]
    found = known.loc[spoken["npi"]]
    named = [
        _named(reasons, *contract)
        for reasons, contract in zip(
            spoken["reasons"],
            found[["supplier", "facility", "days_to_contract_end"]].itertuples(index=False),
            strict=True,
        )
    ]
    reasons = scores["reasons"].astype(object).to_numpy(copy=True)
    reasons[speaks.to_numpy(dtype=bool)] = np.array(named, dtype=object)
    return scores.assign(reasons=reasons)


def _named(reasons: str, supplier: str | None, facility: str | None, days: float) -> str:
    told = json.loads(reasons)
    for reason in told:
        if reason["feature"] != ENDS or reason["value"] is None or reason["value"] != days:
            continue
        _, colon, odds = reason["text"].rpartition(": ")
        whose = f"the contract of {facility}" if isinstance(facility, str) else "the hospital's contract"
        with_whom = f" with {supplier}" if isinstance(supplier, str) else " with a competitor"
        when = {0: "today", 1: "tomorrow"}.get(int(days), f"in {days:,.0f} days")
        reason["text"] = f"{whose}{with_whom} ends {when}{colon}{odds}"
    return json.dumps(told)
