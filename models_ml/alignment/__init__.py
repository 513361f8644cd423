"""Which ZIPs would better belong to the territory next door, so that workload and opportunity are shared within a tenth?

1. Compared are primary territories with a rep: hours of kept calls and yearly revenue not yet ours, each against their average.
2. ZIPs on a border go from where there is too much to where there is less; no territory falls apart, and moves that hand over few
   relationships come first. A customer or an open deal there weighs as a relationship more. No list of locked accounts is
   delivered, so such a ZIP is held by that cost alone.
3. Proposals, one night's: nothing else reads them. Territories already within a tenth, or loads that nobody knows, give none.

Not here: drive time, day plans, overlays, and how many territories there should be.
"""

import numpy as np
import pandas as pd

from models_ml.alignment.bounds import proofs
from models_ml.alignment.cells import HELD, cells_of
from models_ml.alignment.search import outside, search
from models_ml.alignment.words import effect, reason, verdict
from models_ml.evaluation import as_numbers, conform, typed_empty

OUTPUTS = {
    "proposals": {
        "zip5": "text",
        "from_territory_id": "text",
        "to_territory_id": "text",
        "reason": "text",
        "effect": "json",
    },
    "balance": {"territory_id": "text", "is_within_after": "bool", "verdict": "text"},
}


def propose_moves(zips: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """One proposal a ZIP that should move, and a sentence on each territory that is out of balance."""
    rows = zips.sort_values(["zip5", "territory_id"], kind="stable", na_position="last", ignore_index=True)
    for column in (*HELD, "latitude", "longitude"):
        rows[column] = as_numbers(rows[column])
    seated = rows[rows["has_rep"].fillna(False).astype(bool)]
    loads = seated[["workload_hours", "opportunity_usd"]]
    names = sorted(seated["territory_id"].unique())
    if len(names) < 2 or loads.isna().any(axis=None) or not (loads.sum() > 0).all():
        return typed_empty(OUTPUTS)
    average = loads.to_numpy(dtype=float).sum(axis=0) / len(names)
    before = _index(seated, names, average)
    if not outside(before).any():
        return typed_empty(OUTPUTS)
    placed = rows[rows[["zip5", "latitude", "longitude"]].notna().all(axis=1)].reset_index(drop=True)
    if placed.empty:
        return typed_empty(OUTPUTS)
    home = pd.Index(names).get_indexer(placed["territory_id"])
    weight = placed[["workload_hours", "opportunity_usd"]].fillna(0.0).to_numpy(dtype=float) / average
    cells = cells_of(placed.fillna(dict.fromkeys(HELD, 0.0)))
    cost = placed[["relationships", "open_deals", "customers"]].sum(axis=1).to_numpy(dtype=float)
    away = search(cells, home, weight, cost, before)
    after = _index(seated.merge(_moved(placed, away, names), on="zip5", how="left"), names, average)
    fixed = _index(seated[~seated["zip5"].isin(placed["zip5"])], names, average)
    proved = proofs(placed["zip5"].to_numpy(), home, cells.pairs, weight, before, fixed, away)
    return _told(placed, cells.of_zip, home, away, names, before, after, proved)


def _moved(placed: pd.DataFrame, away: np.ndarray, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"zip5": placed["zip5"], "to": [names[number] if number >= 0 else None for number in away]})


def _index(rows: pd.DataFrame, names: list[str], average: np.ndarray) -> np.ndarray:
    """By territory: its workload and opportunity over the average's; where `to` names another territory, as if moved."""
    whose = rows["to"].fillna(rows["territory_id"]) if "to" in rows else rows["territory_id"]
    sums = rows.groupby(whose)[["workload_hours", "opportunity_usd"]].sum()
    return sums.reindex(names, fill_value=0.0).to_numpy(dtype=float) / average


def _told(
    placed: pd.DataFrame, of_zip: np.ndarray, home: np.ndarray, away: np.ndarray, names: list[str],
    before: np.ndarray, after: np.ndarray, proved: dict[int, str],
) -> dict[str, pd.DataFrame]:  # fmt: skip
    called = placed.groupby("territory_id")["territory_name"].first()
    left = outside(after).any(axis=1)
    moves = np.flatnonzero(home != away)
    touched = np.bincount(np.concatenate([home[moves], away[moves]]), minlength=len(names))
    sentences = {
        number: verdict(before[number], after[number], bool(left[number]), int(touched[number]), proved.get(number, ""))
        for number in np.flatnonzero(outside(before).any(axis=1) | left)
    }
    proposals = []
    for row in placed.iloc[moves].itertuples():
        ends = [home[row.Index], away[row.Index]]
        with_zip = "" if of_zip[row.Index] == row.Index else str(placed["zip5"][of_zip[row.Index]])
        giver, taker = (called.get(names[number], names[number]) for number in ends)
        rest = "".join(
            f" Even so {name} is not within 10 % afterwards{': ' + proved[n] if n in proved else ''}."
            for n, name in zip(ends, (giver, taker), strict=True)
            if left[n]
        )
        text = reason(giver, taker, before[ends], row, with_zip, rest)
        figures = effect(row, with_zip, before[ends], after[ends], not left.any())
        proposals.append((row.zip5, names[ends[0]], names[ends[1]], text, figures))
    balance = [(names[number], not left[number], text) for number, text in sentences.items()]
    return {
        "proposals": conform(pd.DataFrame(proposals, columns=list(OUTPUTS["proposals"])), OUTPUTS["proposals"]),
        "balance": conform(pd.DataFrame(balance, columns=list(OUTPUTS["balance"])), OUTPUTS["balance"]),
    }


__all__ = ["OUTPUTS", "propose_moves"]
