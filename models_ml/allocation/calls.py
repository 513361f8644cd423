"""The calls of a quarter, given one by one to whom the next call adds most, until the rep has no more to give.

1. What a provider's next call adds falls from call to call (`response`), so giving calls in the order of what they add is the best
   that can be done with a rep's calls.
2. A call that was on last night's list counts for half more than a new one: a change costs a relationship, and a score moves a
   little every night. The same inputs give the same list again, and noise below that moves nothing.
3. Dismissed and withheld providers get none. A manager's approval gives the first call before all others.
4. The holdout: of those who would be new, a share drawn by a hash of NPI and company is named and not called. It never takes
   in who was listed before or stands on a rep's own list, and stays the same as long as the share does.
5. After the first call, a call that adds less in a year than it costs is not given: the rep has it left for customers.
6. Tier A: five or six calls a quarter; B: three or four; C: one or two.
"""

import hashlib

import numpy as np
import pandas as pd

from models_ml.allocation.response import MOST_CALLS, marginal

KEEPS = 1.5
LEAST_CALLS = {"A": 5, "B": 3}
MOST_OF_TIER = {"A": 6, "B": 4, "C": 2}
COLUMNS = ["territory_id", "is_held_out", "calls", "last_rank", "adoption_probability", "open_revenue_usd", "npi"]


def allocate(
    rows: pd.DataFrame, capacity: int, elasticity: float, call_cost: float, holdout_share: float, salt: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The listed candidates with `calls_per_quarter`, `tier`, `rank` and `assignment`; and all who may be listed, with what decided.

    What decided: what the first, the last given and the next call add (`first_usd`, `won_usd`, `next_usd`), and what a call had to add
    to be new (`to_come_usd`) or to stay (`to_stay_usd`).
    """
    answered = rows["is_answer_in_force"].astype(bool)
    barred = rows["is_withheld"].astype(bool) | (answered & (rows["feedback"] == "dismissed"))
    rows = rows[~barred].reset_index(drop=True)
    approved = (rows["is_answer_in_force"].astype(bool) & rows["is_approval"].astype(bool)).to_numpy()
    held_out = _held_out(rows, holdout_share, salt) & ~approved
    added = _added(rows, elasticity, call_cost, held_out)
    taken, least = _given(rows, added, (added > 0) & ~held_out[:, None], approved, capacity)
    # The holdout would have been called as often as its calls add as much as the least one given.
    would = (added >= np.where(np.isfinite(least), least, np.inf)[:, None]) & (added > 0) & held_out[:, None]
    calls = np.where(held_out, would.sum(axis=1), taken.sum(axis=1))
    plain = rows["value_usd"].to_numpy(dtype=float)[:, None] * marginal(np.arange(1, MOST_CALLS + 1), elasticity)
    each, floor = np.arange(len(rows)), np.where(calls > 0, call_cost, 0.0)
    offered = rows.assign(
        calls=calls,
        is_held_out=held_out,
        first_usd=plain[:, 0],
        won_usd=plain[each, np.maximum(calls - 1, 0)],
        next_usd=plain[each, np.minimum(calls, MOST_CALLS - 1)],
        to_come_usd=np.maximum(least, np.where(calls > 1, call_cost, 0.0)),
        to_stay_usd=np.maximum(least, floor) / KEEPS,
        has_calls_left=least == 0,
    )
    listed = offered[calls > 0]
    tier = np.select([listed["calls"] >= LEAST_CALLS["A"], listed["calls"] >= LEAST_CALLS["B"]], ["A", "B"], "C")
    listed = listed.assign(
        tier=tier,
        calls_per_quarter=np.where(listed["is_held_out"], 0, listed["calls"]),
        assignment=np.where(listed["is_held_out"], "holdout", "treat"),
    ).sort_values(COLUMNS, ascending=[True, True, False, True, False, False, True], na_position="last", kind="stable")
    return listed.assign(rank=listed.groupby("territory_id").cumcount() + 1).reset_index(drop=True), offered


def _held_out(rows: pd.DataFrame, share: float, salt: str) -> np.ndarray:
    known = rows["was_ever_treated"].fillna(False).astype(bool) | rows["is_rep_target"].astype(bool)
    drawn = [int(hashlib.sha256(f"{salt}|{npi}".encode()).hexdigest()[:12], 16) / 16**12 for npi in rows["npi"]]
    return ~known.to_numpy() & (np.array(drawn, dtype=float) < share)


def _added(rows: pd.DataFrame, elasticity: float, call_cost: float, held_out: np.ndarray) -> np.ndarray:
    """Rows by calls: what each adds, with what was listed last night counted for more; 0 for what a provider cannot get."""
    call = np.arange(1, MOST_CALLS + 1)
    added = rows["value_usd"].to_numpy(dtype=float)[:, None] * marginal(call, elasticity)[None, :]
    last = rows["last_calls"].astype(float).fillna(0).to_numpy()
    of_tier = rows["last_tier"].map(MOST_OF_TIER).astype(float).fillna(0).to_numpy()
    kept = call[None, :] <= np.where(held_out, of_tier, last)[:, None]
    added = np.where(kept, KEEPS * added, added)
    is_worth = (call[None, :] == 1) | (added >= call_cost)
    return np.where(is_worth & (call[None, :] <= rows["most_calls"].to_numpy(dtype=int)[:, None]), added, 0.0)


def _given(
    rows: pd.DataFrame, added: np.ndarray, possible: np.ndarray, approved: np.ndarray, capacity: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which calls are given, and by rep what the least of them adds (0 where the rep has calls left, infinite where none)."""
    row, call = np.nonzero(possible)
    rep = pd.factorize(rows["rep_id"].astype(str), sort=True)[0]
    npi = np.argsort(np.argsort(rows["npi"].astype(str).to_numpy(), kind="stable"), kind="stable")
    forced = approved[row] & (call == 0)
    adds = added[row, call]
    order = np.lexsort((call, npi[row], -adds, ~forced, rep[row]))
    row, call, adds, forced = row[order], call[order], adds[order], forced[order]
    place = pd.Series(rep[row]).groupby(rep[row]).cumcount().to_numpy()
    within = place < capacity
    taken = np.zeros_like(possible, dtype=bool)
    taken[row[within], call[within]] = True
    reps = int(rep.max()) + 1 if len(rep) else 0
    given, offered = (np.bincount(rep[row], weights=weights, minlength=reps) for weights in (within, np.ones(len(row))))
    least = np.full(reps, np.inf)
    np.minimum.at(least, rep[row[within & ~forced]], adds[within & ~forced])
    least[(given == offered) & (given < capacity)] = 0.0
    return taken, least[rep] if len(rep) else np.zeros(0)
