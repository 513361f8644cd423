"""Plans as rows: every provider whom a plan could reach, with the calls that it gives to each, and to which groups they belong.

Not here: whether a plan's calls are usual (excess).
"""

import numpy as np
import pandas as pd

from models_ml.evaluation import as_numbers

# A specialty with less of the company's focus volume than this holds no focus family.
HOLDS_FROM = 0.005
# A territory in which a rep made less than this share of the calls is none that the plan covers.
COVERS_FROM = 0.1
HIGH_PRESCRIBERS = 0.9


def described(providers: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """Providers with all reps' calls, their band of volume and the three groups that the audit asks about."""
    made = calls.groupby("npi")[["calls_12m", "calls_91d"]].sum()
    known = providers.merge(made, left_on="npi", right_index=True, how="left")
    for number in ("calls_12m", "calls_91d", "volume_12m", "own_payments_36m_usd", "own_attendance_days_36m"):
        known[number] = as_numbers(known[number]).fillna(0.0)
    volume = known["volume_12m"]
    performing = volume[volume > 0]
    high = performing.quantile(HIGH_PRESCRIBERS) if len(performing) else np.inf
    middle = performing.median() if len(performing) else np.inf
    known["band"] = np.select([volume >= high, volume > middle, volume > 0], [3, 2, 1], 0)
    by_specialty = volume.groupby(known["specialty"].fillna("unknown")).transform("sum")
    known["is_off_label"] = (by_specialty < HOLDS_FROM * max(volume.sum(), 1.0)) & (volume == 0)
    known["is_high"] = known["band"] == 3
    known["is_paid"] = known["own_payments_36m_usd"] > 0
    known["is_customer"] = known["is_customer"].fillna(False).astype(bool)
    return known


def years(calls: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """What each rep did in twelve months, with whom in the same territories the rep could have called instead."""
    made = calls[["rep_id", "npi", "calls_12m"]].rename(columns={"rep_id": "plan_id", "calls_12m": "calls"})
    made = made[made["npi"].isin(known["npi"]) & (made["calls"] > 0)]
    placed = made.merge(known[["npi", "territory_id"]], on="npi")
    share = placed.groupby(["plan_id", "territory_id"])["calls"].sum()
    share = share / share.groupby("plan_id").transform("sum")
    covered = share[share >= COVERS_FROM].reset_index()[["plan_id", "territory_id"]]
    return _reach(made, covered, known)


def lists(plan: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Tonight's list by territory, with the calls a quarter that it gives."""
    listed = plan[plan["change"] != "dropped"]
    listed = listed[listed["npi"].isin(known["npi"])]
    made = listed[["territory_id", "npi", "calls_per_quarter"]].set_axis(["plan_id", "npi", "calls"], axis=1)
    covered = pd.DataFrame({"plan_id": made["plan_id"].unique()}).assign(territory_id=lambda frame: frame["plan_id"])
    # Customers are never listed, so nobody can be blamed for leaving them out.
    return _reach(made, covered, known[~known["is_customer"]])


def _reach(made: pd.DataFrame, covered: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    could = covered.merge(known[["npi", "territory_id"]], on="territory_id")[["plan_id", "npi"]]
    rows = pd.concat([could, made[["plan_id", "npi"]]]).drop_duplicates()
    rows = rows.merge(
        made.groupby(["plan_id", "npi"], as_index=False)["calls"].sum(), on=["plan_id", "npi"], how="left"
    )
    groups = ["npi", "band", "is_customer", "is_high", "is_paid", "is_off_label"]
    rows = rows.assign(calls=as_numbers(rows["calls"]).fillna(0.0)).merge(known[groups], on="npi")
    return rows.sort_values(["plan_id", "npi"], kind="stable", ignore_index=True)
