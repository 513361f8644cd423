"""Today's list as a baseline: how many calls a quarter the list in use on a past day had for each provider.

Where a list of an earlier night was published by that day, it is taken; before the first one, the CRM's cycle plans that held on that day; where
there were none, whom the field did call in the year before tells what it had in mind. Not here: which list a day had (`features_past_lists`),
and any list of tonight (`models_ml.allocation`). No model reads it.
"""

import numpy as np
import pandas as pd

from models_ml.evaluation import as_dates, as_numbers

LISTED = "listed_calls"
CALLS = "calls_12m"
BASES = ("list", "cycle_plan", "calls")


def with_lists(snapshots: pd.DataFrame, lists: pd.DataFrame | None) -> pd.DataFrame:
    """The same rows with `listed_calls` in place; `lists` holds npi, snapshot_on, basis and calls_per_quarter."""
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
    """On how many past days the baseline is a list, the cycle plans or the field's calls; or that there is none of them."""
    if tested is None or not (tested[LISTED] > 0).any():
        return [{"split": "todays_list", "metric": "not_available", "value": 1.0}]
    days = pd.Series(tested["snapshot_on"].unique())
    listed = {} if lists is None else dict(zip(as_dates(lists["snapshot_on"]), lists["basis"], strict=True))
    stands_on = days.map(listed).fillna("calls")
    return [
        {"split": "todays_list", "metric": f"days_by_{basis}", "value": float((stands_on == basis).sum())}
        for basis in BASES
    ]
