"""The book of deals as it was known at one moment, today or at a past one.

Here belong reading, bounding and rewinding of deals. Not here: hazards, money to come.

1. `now` is the first moment that is not known: a book of as_of D holds everything up to the end of D.
2. A past book is rebuilt from the rows of stage history entered before it; what a deal became later is hidden.
3. A deal's territory, rep and family are those of today: the history keeps no older ones.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.forecasting import frames

WIDEST_LOG_SPREAD = 5.0  # robust standard deviations of the log amount beyond which an amount is bounded


@dataclass(frozen=True)
class Ladder:
    """The open stages of the company in their order, with the probability that the company states for each."""

    names: tuple[str, ...]
    stated: np.ndarray

    def places(self, stages: pd.Series) -> np.ndarray:
        """The place of each stage on the ladder; the first one for a stage that is not on it."""
        return stages.map({name: place for place, name in enumerate(self.names)}).fillna(0).astype(int).to_numpy()


@dataclass(frozen=True)
class Book:
    """Deals and rows of stage history known before `now`; `whole` is the book of the newest day."""

    now: float
    deals: pd.DataFrame
    rows: pd.DataFrame
    ladder: Ladder
    excluded: dict[str, int]

    @property
    def open_deals(self) -> pd.DataFrame:
        return self.deals[~self.deals["is_closed"]]

    def at(self, now: float) -> "Book":
        """The same book as it was known before an earlier moment."""
        deals = self.deals[self.deals["created_on"] < now].copy()
        rows = self.rows[self.rows["entered_at"] < now]
        last = rows[~rows["is_closed"]].groupby("opportunity_id").last()
        was_open = ~(deals["is_closed"] & (deals["ended"] < now))
        deals["is_closed"], deals["is_won"] = ~was_open, deals["is_won"] & ~was_open
        for column, source in {"stage": "stage", "stated": "stated_probability", "amount": "amount"}.items():
            then = deals["opportunity_id"].map(last[source])
            deals[column] = deals[column].where(~was_open | then.isna(), then)
        return Book(now, deals, rows, self.ladder, self.excluded)


def read_book(deals: pd.DataFrame, deal_stages: pd.DataFrame, stages: pd.DataFrame, now: float) -> Book:
    """The newest book, each deal once, amounts bounded, what cannot be right counted."""
    deals = frames.read(deals, frames.DEALS)
    deals = deals[deals["opportunity_id"].notna()].sort_values("opportunity_id", kind="stable")
    deals = deals.drop_duplicates("opportunity_id")
    rows = frames.read(deal_stages, frames.STAGE_ROWS)
    rows = rows[rows["opportunity_id"].isin(deals["opportunity_id"]) & (rows["entered_at"] < now)]
    rows = rows.sort_values(["opportunity_id", "entered_at", "sequence"], kind="stable").reset_index(drop=True)

    first_seen = rows.groupby("opportunity_id")["entered_at"].min()
    deals["created_on"] = deals["created_on"].fillna(deals["opportunity_id"].map(first_seen))
    deals = deals[~(deals["created_on"] >= now)].reset_index(drop=True)
    limit = amount_limit(deals["amount_usd"])
    closed_early = deals["is_closed"] & (deals["closed_on"] < np.floor(deals["created_on"]))
    excluded = {
        "amount_missing": int(deals["amount_usd"].isna().sum()),
        "amount_not_positive": int((deals["amount_usd"] <= 0).sum()),
        "amount_extreme": int((deals["amount_usd"] > limit).sum()),
        "closed_before_created": int(closed_early.sum()),
        "created_unknown": int(deals["created_on"].isna().sum()),
        "without_rep": int(deals["rep_id"].isna().sum()),
        "without_territory": int(deals["territory_id"].isna().sum()),
    }
    for column in ("territory_id", "rep_id", "region"):
        deals[column] = deals[column].fillna(frames.UNASSIGNED)
    deals["procedure_family"] = deals["procedure_family"].fillna("unknown")
    typical = deals.loc[deals["amount_usd"] > 0, "amount_usd"].median()
    deals["amount"] = deals["amount_usd"].fillna(typical).fillna(0.0).clip(0.0, limit)
    rows["amount"] = rows["amount_usd"].fillna(typical).fillna(0.0).clip(0.0, limit)
    deals["is_won"] &= deals["is_closed"]
    deals["stated"] = deals["stated_probability"]
    deals["is_usable"] = deals["created_on"].notna() & ~closed_early
    last = rows.groupby("opportunity_id").last()
    closing = last.loc[last["is_closed"], "entered_at"]
    ended = deals["opportunity_id"].map(closing).astype(float).fillna(deals["closed_on"])
    deals["ended"] = ended.where(deals["is_closed"]).fillna(np.inf)
    deals["closed_on"] = deals["closed_on"].fillna(ended.where(deals["is_closed"]))
    deals["is_usable"] &= ~deals["is_closed"] | np.isfinite(deals["ended"])
    ladder = read_ladder(stages, rows, deals)
    return Book(now, deals, rows, ladder, excluded)


def amount_limit(amounts: pd.Series) -> float:
    """The largest amount that is believed: so many robust standard deviations above the median, on the log scale."""
    logs = np.log(amounts[amounts > 0].to_numpy(float))
    if len(logs) == 0:
        return np.inf
    centre = np.median(logs)
    spread = max(1.4826 * np.median(np.abs(logs - centre)), 0.25)
    return float(np.exp(centre + WIDEST_LOG_SPREAD * spread))


def read_ladder(stages: pd.DataFrame, rows: pd.DataFrame, deals: pd.DataFrame) -> Ladder:
    """The company's open stages, those met in deals but not in the map placed by their order (unknown: first)."""
    listed = frames.read(stages, frames.STAGES)
    met = pd.concat([rows, deals[~deals["is_closed"]]])[list(frames.STAGES)]
    met = met[~met["stage"].isin(listed["stage"])]
    known = pd.concat([listed, met])
    known = known[~known["is_closed"] & known["stage"].notna()]
    if known.empty:
        return Ladder(("open",), np.array([0.3]))
    per_stage = known.groupby("stage").agg(order=("stage_order", "min"), stated=("stated_probability", "mean"))
    per_stage = per_stage.reset_index().fillna({"order": -1.0}).sort_values(["order", "stage"], kind="stable")
    default = np.linspace(0.1, 0.7, len(per_stage))
    stated = np.where(per_stage["stated"].isna(), default, per_stage["stated"])
    return Ladder(tuple(per_stage["stage"]), np.clip(stated.astype(float), 0.01, 0.99))
