"""What is known of a provider on a day, one row a provider and snapshot.

The list below is the whole of it: a column that is not named here is never read, whatever the frame holds. What our own company pays a
provider is not on it and may not be. The event that is predicted, a first own order of any focus family, belongs to the provider, so the
rows of its families are taken together: volumes are added up, what is the provider's own is the same in each row.
"""

import datetime as dt

import numpy as np
import pandas as pd

from models_ml.evaluation import as_dates, as_numbers, timestamp

ADDED = ("volume_12m", "prior_volume_12m", "volume_3m", "volume_3m_year_ago")
HIGHEST = (
    "active_months_12m",
    "months_since_enumerated",
    "is_new_to_family",
    "competitor_payments_36m",
    "competitor_payments_36m_usd",
    "competitor_payments_12m_usd",
    "competitor_lock_in",
    "facility_count",
    "has_competitor_contract",
    "has_own_contract",
    "calls_3m",
    "calls_12m",
    "calls_ever",
    "trials_12m",
    "marketing_responses_12m",
    "marketing_touches_12m",
    "is_access_closed",
    "missed_calls_12m",
    "peer_count",
    "peers_adopted",
    "facility_adopters",
)
LOWEST = ("days_to_competitor_contract_end",)
BESIDE = "other_family_volume_12m"
NUMERIC = (*ADDED, *HIGHEST, *LOWEST, BESIDE)
# Every column that is read; a frame may hold more.
FEATURES = ("npi", "procedure_family", "snapshot_on", "is_current", "specialty", *NUMERIC)
MIX = "volume_share: "
DIAGNOSED = "diagnosis_share: "
LINES = "diagnosed_lines"
MOST_FAMILIES = 12


def provider_snapshots(
    provider_months: pd.DataFrame,
    days: list[pd.Timestamp],
    families: list[str],
    diagnoses: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The rows of `days`, sorted by npi and day: key, specialty, numeric features, the mix of the given families, shares of diagnoses.

    `weight` tells for how many providers a row stands where those of the past were sampled.
    """
    snapshot = as_dates(provider_months["snapshot_on"])
    kept = provider_months[snapshot.isin(days).to_numpy()]
    rows = pd.DataFrame({column: as_numbers(_numbers(kept, column)) for column in NUMERIC}, index=kept.index)
    rows["npi"] = kept["npi"].astype(object)
    rows["snapshot_on"] = snapshot[kept.index]
    rows["specialty"] = kept["specialty"].astype(object).where(kept["specialty"].notna(), "unknown")
    rows["weight"] = as_numbers(_numbers(kept, "weight")).fillna(1.0)
    rows["in_all"] = rows["volume_12m"].fillna(0.0) + rows[BESIDE]
    rows["family"] = kept["procedure_family"].astype(str)
    for name in families:
        rows[MIX + name] = rows["volume_12m"].where(rows["family"] == name)
    grouped = rows.sort_values(["npi", "snapshot_on", "family"], kind="stable").groupby(
        ["npi", "snapshot_on"], sort=True
    )
    shares = [MIX + name for name in families]
    result = pd.concat(
        [
            grouped[[*ADDED, *shares]].sum(min_count=1),
            grouped[[*HIGHEST, "in_all", "weight"]].max(),
            grouped[list(LOWEST)].min(),
            grouped[["specialty"]].first(),
        ],
        axis=1,
    ).reset_index()
    total = result["volume_12m"]
    result[BESIDE] = (result.pop("in_all") - total.fillna(0.0)).clip(lower=0)
    result[shares] = result[shares].fillna(0.0).div(total.where(total > 0), axis=0).fillna(0.0)
    if diagnoses is None:
        return result
    return result.merge(diagnosis_shares(diagnoses, days), on=["npi", "snapshot_on"], how="left", validate="1:1")


def diagnosis_shares(diagnoses: pd.DataFrame, days: list[pd.Timestamp]) -> pd.DataFrame:
    """Which part of a provider's claim lines names each diagnosis family, and of how many lines; one row a provider and day."""
    snapshot = as_dates(diagnoses["snapshot_on"])
    kept = diagnoses[snapshot.isin(days).to_numpy()]
    lines, of_any = as_numbers(kept["lines_24m"]), as_numbers(kept["lines_of_any_24m"])
    rows = pd.DataFrame(
        {
            "npi": kept["npi"].astype(object),
            "snapshot_on": snapshot[kept.index],
            "family": DIAGNOSED + kept["diagnosis_family"].astype(str),
            "share": lines / of_any.where(of_any > 0),
            "lines": lines,
            LINES: of_any,
        }
    )
    totals = rows.groupby("family")["lines"].sum().sort_index().sort_values(ascending=False, kind="stable")
    rows = rows[rows["family"].isin(totals.index[:MOST_FAMILIES])]
    keys = ["npi", "snapshot_on"]
    wide = rows.pivot(index=keys, columns="family", values="share").rename_axis(columns=None)
    return wide.join(rows.groupby(keys)[LINES].max()).reset_index()


def main_families(provider_months: pd.DataFrame) -> list[str]:
    """The families whose part in a provider's volume is looked at; a single one has no mix."""
    volume = as_numbers(_numbers(provider_months, "volume_12m")).fillna(0.0)
    totals = volume.groupby(provider_months["procedure_family"].astype(str).to_numpy()).sum()
    totals = totals[totals > 0].sort_index().sort_values(ascending=False, kind="stable")
    return sorted(totals.index[:MOST_FAMILIES]) if len(totals) > 1 else []


def label(snapshots: pd.DataFrame, first_orders: pd.Series, horizon_days: int) -> tuple[np.ndarray, np.ndarray]:
    """Who is at risk on the day (no order yet), and whose first order falls into the horizon after it."""
    first = ordered_on(snapshots["npi"], first_orders)
    at_risk = first.isna() | (first > snapshots["snapshot_on"])
    ends = snapshots["snapshot_on"] + pd.Timedelta(days=horizon_days)
    return at_risk.to_numpy(), (at_risk & (first <= ends)).to_numpy()


def first_orders_by(adoptions: pd.DataFrame, as_of: dt.date) -> pd.Series:
    """First order day by npi, as far as known on the day."""
    day = as_dates(adoptions["first_order_on"])
    known = (day <= timestamp(as_of)).to_numpy()
    return day[known].groupby(adoptions["npi"].astype(object).to_numpy()[known]).min()


def ordered_on(npis: pd.Series, first_orders: pd.Series) -> pd.Series:
    """The first order day of each, in their places."""
    return pd.Series(first_orders.reindex(npis).to_numpy(dtype="datetime64[us]"), index=npis.index)


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    values = frame[column]
    return values.astype("float64") if values.dtype in ("bool", "boolean") else values
