"""What changed against last night's list, and why: a sentence for whoever came, moved or left.

A move is put down to a figure of the provider only where the calls would be as they were if the figures that last night's list kept still
held; otherwise what a call adds there and what it has to add tonight are told, which decided. Gates are not named: who was opted out is for compliance.
"""

import numpy as np
import pandas as pd

from models_ml.allocation.words import why

LEAST_CHANGE = 0.02
# what a list keeps -> its name, how it is told
KEPT_FIGURES = {
    "adoption_probability": ("the chance of a first order", lambda value: f"{100 * value:.1f} %"),
    "open_revenue_usd": ("the yearly revenue not yet ours", lambda value: f"{value:,.0f} USD"),
    "kept_share": ("the share of calls that take place", lambda value: f"{100 * value:.0f} %"),
    "drive_minutes": ("the drive there", lambda value: f"{value:.0f} minutes"),
}
ORDER = {"A": 3, "B": 2, "C": 1}


def explained(planned: pd.DataFrame, listed: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """The rows of tonight's list with `change`, `reason` (empty where nothing changed), `why` and their place on the last list."""
    figures = _figures(listed)
    rows = planned.merge(figures, on="npi", how="left", validate="1:1")
    was_on = rows["last_tier"].notna().to_numpy()
    step = rows["tier"].map(ORDER).astype(float).to_numpy() - rows["last_tier"].map(ORDER).astype(float).to_numpy()
    rows["change"] = np.select([~was_on, step > 0, step < 0], ["added", "promoted", "demoted"], "kept")
    rows["tier_before"], rows["calls_before"] = rows["last_tier"], rows["last_calls"]
    is_first_list = listed.empty
    rows["reason"] = [_reason(row, is_first_list) for row in rows.to_dict("records")]
    rows["why"] = [why(row, horizon_days) for row in rows.to_dict("records")]
    return rows


def dropped(
    planned: pd.DataFrame,
    offered: pd.DataFrame,
    listed: pd.DataFrame,
    candidates: pd.DataFrame,
    seats: pd.DataFrame,
) -> pd.DataFrame:
    """Who was on the last list and is on tonight's no more, as that list had them, with the reason."""
    last = listed[listed["is_on_last_list"].fillna(False).astype(bool) & ~listed["npi"].isin(planned["npi"])]
    known, tonight = (
        rows[rows["npi"].isin(last["npi"])].set_index("npi").to_dict("index") for rows in (candidates, offered)
    )
    figures = _figures(last).set_index("npi").to_dict("index")
    served = set(seats["territory_id"])
    reasons = [
        _left(
            row,
            known.get(row["npi"]),
            {**tonight[row["npi"]], **figures[row["npi"]]} if row["npi"] in tonight else None,
            served,
        )
        for row in last.to_dict("records")
    ]
    return last.assign(
        change="dropped", reason=reasons, tier_before=last["tier"], calls_before=last["calls_per_quarter"],
        tier=None, calls_per_quarter=None, rank=None, why=None, feedback="none",
    )  # fmt: skip


def _figures(listed: pd.DataFrame) -> pd.DataFrame:
    return listed[["npi", *KEPT_FIGURES]].rename(columns={name: f"last_{name}" for name in KEPT_FIGURES})


def _reason(row: dict, is_first_list: bool) -> str | None:
    if row["change"] == "added":
        return _came(row, is_first_list)
    answer = _answer(row)
    if row["last_territory_id"] != row["territory_id"]:
        return f"moved here from territory {row['last_territory_id']}"
    if row["assignment"] != row["last_assignment"]:
        return "the holdout ended" if row["assignment"] == "treat" else "drawn into the holdout"
    more = row["calls_per_quarter"] - row["last_calls"] or ORDER[row["tier"]] - ORDER[row["last_tier"]]
    if not more:
        return (
            None if row["rep_id"] == row["last_rep_id"] else f"handed over from {row['last_rep_id']} to {row['rep_id']}"
        )
    told = f"{'more' if more > 0 else 'fewer'} calls, {row['last_calls']:.0f} before: "
    if more < 0 and row["feedback"] == "challenged" and row["is_answer_in_force"]:
        return told + answer
    return told + (_moved(row, more) or _decided(row, more))


def _came(row: dict, is_first_list: bool) -> str:
    if row["is_answer_in_force"] and row["is_approval"]:
        return f"approved by the manager on {row['answered_on']:%Y-%m-%d}"
    start = "on the first list of all: " if is_first_list else ""
    if row["reopened_because"] is not None and row["feedback"] in ("dismissed", "challenged"):
        return f"{row['feedback']} before, but {row['reopened_because']}"
    if not row["open_revenue_usd"] > 0:
        return f"{start}a call to find out, with no revenue known that is not ours yet"
    others = "and the rep has calls left" if row["has_calls_left"] else f"and had to add {row['to_come_usd']:,.0f} USD"
    return f"{start}a first call adds {row['first_usd']:,.0f} USD a year in expectation, {others}"


def _moved(row: dict, direction: float) -> str | None:
    """The figure that moved the worth most in the direction of the change, in words with both values."""
    pushes = {}
    for name in KEPT_FIGURES:
        before, now = row[f"last_{name}"], row[name]
        if pd.notna(before) and pd.notna(now) and before > 0 and now > 0:
            pushes[name] = np.log(now / before) * (-1 if name == "drive_minutes" else 1)
    if direction < 0 and row["last_open_revenue_usd"] > 0 and not row["open_revenue_usd"] > 0:
        return "no revenue is known any more that is not ours yet"
    along = {name: push for name, push in pushes.items() if push * direction > LEAST_CHANGE}
    as_before = np.exp(-sum(pushes.values()))
    would_stay = row["next_usd"] * as_before >= row["to_stay_usd"]
    would_not_come = row["won_usd"] * as_before < row["to_come_usd"]
    if not along or not (would_not_come if direction > 0 else would_stay):
        return None
    name = max(along, key=lambda found: abs(along[found]))
    words, told = KEPT_FIGURES[name]
    before, now = row[f"last_{name}"], row[name]
    return f"{words} {'rose' if now > before else 'fell'} from {told(before)} to {told(now)}"


def _decided(row: dict, direction: float) -> str:
    """What the call at the margin adds tonight, and what it had to add."""
    adds, needed = ("won_usd", "to_come_usd") if direction > 0 else ("next_usd", "to_stay_usd")
    which = "the last of them" if direction > 0 else "one more"
    return f"{which} adds {row[adds]:,.0f} USD a year, and had to add {row[needed]:,.0f} USD"


def _answer(row: dict) -> str:
    because = f" ({row['answer_reason']})" if isinstance(row["answer_reason"], str) else ""
    return (
        f"{row['feedback']} by the field on {row['answered_on']:%Y-%m-%d}{because}" if row["feedback"] != "none" else ""
    )


def _left(row: dict, known: dict | None, tonight: dict | None, served: set) -> str:
    if pd.notna(row["first_order_on"]):
        return f"a customer since the first order of {row['first_order_on']:%Y-%m-%d}"
    if known is None:
        return "no longer in practice" if not row["is_active"] else "in no territory of ours, or no longer to be scored"
    if known["is_withheld"]:
        return "may not be called at present"
    if known["feedback"] == "dismissed" and known["is_answer_in_force"]:
        return f"{_answer(known)}, until {known['answer_holds_until']:%Y-%m-%d} or until something changes"
    if known["territory_id"] not in served:
        return f"no rep sits in territory {known['territory_id']}"
    if tonight is None:
        return "no longer scored"
    if known["feedback"] == "challenged" and known["is_answer_in_force"]:
        return _answer(known)
    return _moved(tonight, -1.0) or _decided(tonight, -1.0)
