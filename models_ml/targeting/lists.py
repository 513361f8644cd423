"""Today's list as a baseline: how many calls a quarter the list in use on a past day had for each provider.

Where a list of an earlier night was published by that day, it is taken; before the first one, whom the field did call in the year before, by
the CRM, tells what it had in mind. Not here: any list of tonight (`models_ml.allocation`). No model reads it.
"""

import numpy as np
import pandas as pd

from models_ml.evaluation import as_dates, as_numbers

LISTED = "listed_calls"
CALLS = "calls_12m"


def with_lists(snapshots: pd.DataFrame, lists: pd.DataFrame | None) -> pd.DataFrame:
    """The same rows with `listed_calls` in place; `lists` holds npi, snapshot_on and calls_per_quarter."""
    called = snapshots[CALLS].fillna(0.0) / 4
    if lists is None or lists.empty:
        return snapshots.assign(**{LISTED: called})
    asked = pd.DataFrame(
        {
            "npi": lists["npi"].astype(object),
            "snapshot_on": as_dates(lists["snapshot_on"]),
            "asked": as_numbers(lists["calls_per_quarter"]),
        }
    )
    on_list = snapshots[["npi", "snapshot_on"]].merge(asked, on=["npi", "snapshot_on"], how="left", validate="m:1")
    has_list = snapshots["snapshot_on"].isin(asked["snapshot_on"]).to_numpy()
    listed = np.where(has_list, on_list["asked"].fillna(0.0).to_numpy(), called.to_numpy())
    return snapshots.assign(**{LISTED: listed})


def basis_rows(tested: pd.DataFrame | None, lists: pd.DataFrame | None) -> list[dict]:
    """On how many past days the baseline is a list, and on how many the field's calls; or that there is neither."""
    if tested is None or not (tested[LISTED] > 0).any():
        return [{"split": "todays_list", "metric": "not_available", "value": 1.0}]
    days = pd.Series(tested["snapshot_on"].unique())
    has_list = days.isin(as_dates(lists["snapshot_on"])) if lists is not None else days.isna()
    return [
        {"split": "todays_list", "metric": "days_by_list", "value": float(has_list.sum())},
        {"split": "todays_list", "metric": "days_by_calls", "value": float((~has_list).sum())},
    ]
