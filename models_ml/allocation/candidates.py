"""What one call to each candidate is worth: chance, revenue, access and the time that it takes; and which rep would make it.

1. Worth = chance of a first order × yearly revenue not yet ours × how much more or less often than usual a call there takes place, per
   time that a call there takes against the rep's usual one. The chance already holds the calls of the last quarter: they are taken out.
2. A rep keeps a provider once listed; else who has called most does; else reps of one territory share providers by chance, stably.
3. A challenge that holds halves the worth until a manager decides.

Roads are longer than the great circle by 1.3 and driven at 40 miles an hour, as everywhere in the product; no router is asked.
"""

import hashlib

import numpy as np
import pandas as pd

from models_ml.allocation.response import MOST_CALLS

MINUTES_PER_CALL = 30.0
SETTLED_CALLS = 4.0
CHALLENGED = 0.5
CIRCUITY, MILES_AN_HOUR, EARTH_MILES = 1.3, 40.0, 3958.8


def weigh(
    candidates: pd.DataFrame,
    seats: pd.DataFrame,
    scores: pd.DataFrame,
    listed: pd.DataFrame,
    elasticity: float,
    calls_per_week: float,
    most_calls: int,
) -> pd.DataFrame:
    """One row a candidate who has a score and a rep: rep, chance, worth of calls (`value_usd`), and the place on the last list."""
    scored = scores.sort_values(["npi", "procedure_family"], kind="stable").drop_duplicates("npi")
    rows = candidates.merge(scored[["npi", "adoption_probability", "reasons", "is_baseline"]], on="npi", validate="1:1")
    last = listed[listed["is_on_last_list"].fillna(False).astype(bool)]
    last = last[["npi", "territory_id", "rep_id", "tier", "rank", "calls_per_quarter", "assignment"]]
    last.columns = [
        "npi",
        "last_territory_id",
        "last_rep_id",
        "last_tier",
        "last_rank",
        "last_calls",
        "last_assignment",
    ]
    rows = rows.merge(last, on="npi", how="left", validate="1:1")
    rows = rows.merge(listed[["npi", "was_ever_treated"]], on="npi", how="left", validate="1:1")
    rows = _reps(rows, seats)
    if rows.empty:
        return rows.assign(kept_share=0.0, drive_minutes=0.0, most_calls=0, value_usd=0.0)
    asked, kept = (rows[name].to_numpy(dtype=float) for name in ("asked_calls_24m", "kept_calls_24m"))
    usual = kept.sum() / asked.sum() if kept.sum() > 0 else 1.0
    rows["kept_share"] = (kept + SETTLED_CALLS * usual) / (asked + SETTLED_CALLS)
    drive, time = _time(rows, calls_per_week)
    rows["drive_minutes"] = drive
    revenue = rows["open_revenue_usd"].to_numpy(dtype=float)
    priced = revenue[revenue > 0]
    # Without a price nothing but the chance decides; without volume a provider is worth one call, to find out.
    worth = revenue + 0.01 * np.median(priced) if len(priced) else np.ones(len(rows))
    rows["most_calls"] = np.where((revenue > 0) | (len(priced) == 0), most_calls, 1)
    called = 1 + rows["calls_3m"].clip(lower=0, upper=MOST_CALLS).to_numpy(dtype=float)
    challenged = (rows["feedback"] == "challenged") & rows["is_answer_in_force"].astype(bool)
    rows["value_usd"] = (
        rows["adoption_probability"].to_numpy(dtype=float)
        * worth
        * (rows["kept_share"].to_numpy() / usual)
        / time
        / called**elasticity
        * np.where(challenged, CHALLENGED, 1.0)
    )
    return rows


def _reps(rows: pd.DataFrame, seats: pd.DataFrame) -> pd.DataFrame:
    pairs = rows.merge(seats, on="territory_id", how="inner")
    both = zip(pairs["npi"], pairs["rep_id"], strict=True)
    pairs["drawn"] = [hashlib.sha256(f"{npi}|{rep}".encode()).hexdigest()[:15] for npi, rep in both]
    pairs["was_theirs"] = (pairs["rep_id"] == pairs["last_rep_id"]).fillna(False).astype(bool)
    pairs["has_called"] = (pairs["rep_id"] == pairs["calling_rep_id"]).fillna(False).astype(bool)
    pairs = pairs.sort_values(
        ["npi", "was_theirs", "has_called", "drawn", "rep_id"],
        ascending=[True, False, False, True, True],
        kind="stable",
    )
    return pairs.drop_duplicates("npi").drop(columns=["drawn", "was_theirs", "has_called"]).reset_index(drop=True)


def _time(rows: pd.DataFrame, calls_per_week: float) -> tuple[np.ndarray, np.ndarray]:
    """Minutes of the drive there, and the time of a call over the rep's usual one: a day's drive is shared by its calls."""
    by_rep = rows.groupby("rep_id")
    centre = {name: by_rep[name].transform("median") for name in ("latitude", "longitude")}
    start = {name: rows[f"start_{name}"].fillna(centre[name]).to_numpy(dtype=float) for name in centre}
    there = {name: rows[name].to_numpy(dtype=float) for name in centre}
    drive = pd.Series(_miles(start, there) * CIRCUITY / MILES_AN_HOUR * 60, index=rows.index)
    drive = drive.fillna(drive.groupby(rows["rep_id"]).transform("median")).fillna(0.0)
    minutes = rows["minutes_per_call"].astype(float).fillna(MINUTES_PER_CALL)
    whole = minutes + 2 * drive / max(calls_per_week / 5, 1.0)
    usual = whole.groupby(rows["rep_id"]).transform("median")
    return drive.to_numpy(), (whole / usual.where(usual > 0, 1.0)).clip(lower=0.1).to_numpy()


def _miles(start: dict[str, np.ndarray], there: dict[str, np.ndarray]) -> np.ndarray:
    latitude, longitude = (np.radians(there[name] - start[name]) for name in ("latitude", "longitude"))
    along = np.cos(np.radians(start["latitude"])) * np.cos(np.radians(there["latitude"]))
    half = np.sin(latitude / 2) ** 2 + along * np.sin(longitude / 2) ** 2
    return 2 * EARTH_MILES * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
