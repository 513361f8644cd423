"""What goes into the forecast and what comes out: names and types of columns.

Here belong the promised outputs and the lenient reading of inputs. Not here: any judgement on their content.
"""

import numpy as np
import pandas as pd

from models_ml.evaluation import as_dates, as_numbers

UNASSIGNED = "unassigned"
COMPANY = "company"

OUTPUTS: dict[str, dict[str, str]] = {
    "calibration": {
        "stage": "text",
        "segment": "text",
        "n": "int",
        "stated_probability": "num",
        "observed_close_rate": "num",
        "calibrated_probability": "num",
        "lower": "num",
        "upper": "num",
    },
    "opportunity_forecasts": {
        "opportunity_id": "text",
        "win_probability": "num",
        "close_this_quarter_probability": "num",
        "expected_close_on": "date",
        "reasons": "json",
    },
    "forecasts": {
        "level": "text",
        "subject_id": "text",
        "quarter_start": "date",
        "closed_usd": "num",
        "p10": "num",
        "p50": "num",
        "p90": "num",
        "expected_usd": "num",
        "commit_usd": "num",
        "quota_usd": "num",
        "quota_probability": "num",
        "units_p50": "num",
        "order_run_rate_p10": "num",
        "order_run_rate_p50": "num",
        "order_run_rate_p90": "num",
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

DEALS = {
    "opportunity_id": "text",
    "territory_id": "text",
    "region": "text",
    "rep_id": "text",
    "procedure_family": "text",
    "created_on": "day",
    "stage": "text",
    "stage_order": "num",
    "is_closed": "bool",
    "is_won": "bool",
    "closed_on": "day",
    "amount_usd": "num",
    "close_on": "day",
    "stated_probability": "num",
}
STAGE_ROWS = {
    "opportunity_id": "text",
    "sequence": "num",
    "stage": "text",
    "stage_order": "num",
    "is_closed": "bool",
    "is_won": "bool",
    "entered_at": "day",
    "amount_usd": "num",
    "stated_probability": "num",
    "close_on": "day",
}
STAGES = {"stage": "text", "stage_order": "num", "is_closed": "bool", "is_won": "bool", "stated_probability": "num"}
REPS = {"rep_id": "text", "territory_id": "text", "region": "text", "manager_id": "text", "is_active": "bool"}
COMMITS = {"rep_id": "text", "quarter_start": "day", "submitted_on": "day", "category": "text", "amount_usd": "num"}
QUOTAS = {"rep_id": "text", "quarter_start": "day", "quota_usd": "num"}
ORDER_MONTHS = {
    "territory_id": "text",
    "rep_id": "text",
    "procedure_family": "text",
    "month": "day",
    "quantity": "num",
    "amount_usd": "num",
    "is_existing_customer": "bool",
}


def day_numbers(values: pd.Series) -> pd.Series:
    """Days since 1970-01-01 with their fraction of a day; NaN where there is no date."""
    stamps = as_dates(values)
    days = stamps.to_numpy("datetime64[us]").astype("int64") / 86_400_000_000
    return pd.Series(np.where(stamps.isna(), np.nan, days), index=values.index)


def read(frame: pd.DataFrame, types: dict[str, str]) -> pd.DataFrame:
    """The named columns as text, floats, day numbers and flags; a column that is missing is unknown throughout."""
    columns = {}
    for column, kind in types.items():
        values = frame[column] if column in frame.columns else pd.Series([None] * len(frame), index=frame.index)
        if kind == "text":
            columns[column] = values.astype("object").where(values.notna(), None)
        elif kind == "num":
            columns[column] = as_numbers(values)
        elif kind == "day":
            columns[column] = day_numbers(values)
        else:
            columns[column] = values.astype("boolean").fillna(False).astype(bool)
    return pd.DataFrame(columns).reset_index(drop=True)
