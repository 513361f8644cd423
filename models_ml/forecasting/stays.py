"""Stays of deals in stages, and the time at risk that hazards are fitted to.

Here belong the order of stays, how each ended, and their split by age in stage and fiscal quarter. Not here: rates.

1. A stay ends ahead (also past skipped stages), back, won or lost; one still open at `now` is right-censored there.
2. Consecutive rows of one stage are one spell whose age runs on; amount, stated probability and close date are those
   of the row, so that nothing later than the row is used.
3. A closing that was followed by an open stage was none: the deal was reopened, and its stay ran on.
4. A closed deal without stage history was open in no known stage: its time and its end are shared among all stages.
"""

import numpy as np
import pandas as pd

from models_ml.forecasting.book import Book
from models_ml.forecasting.quarters import quarter_of, quarter_start

AHEAD, BACK, WON, LOST = range(4)
CENSORED = -1
AGE_EDGES = np.array([0.0, 2.0, 4.0, 8.0, 13.0, 26.0, 39.0, 52.0])  # weeks in a stage at which its rates may change
SHORTEST = 1 / 24  # days: two entries of one minute are still one after the other


def build_stays(book: Book) -> pd.DataFrame:
    """One row a stay, sorted by deal and time: deal, stage, spell, entered, left, event, to, weight and features."""
    deals = book.deals[book.deals["is_usable"]]
    recorded = book.rows.merge(
        deals[["opportunity_id", "is_closed", "is_won", "ended", "created_on"]],
        on="opportunity_id",
        suffixes=("", "_deal"),
    )
    recorded = recorded[~recorded["is_closed"] & (recorded["entered_at"] <= recorded["ended"])]
    stays = _with_ends(recorded, book)
    unseen = deals[~deals["opportunity_id"].isin(stays["opportunity_id"])]
    stays = pd.concat([stays, _without_history(unseen, book)], ignore_index=True)
    return stays.merge(deals[["opportunity_id", "procedure_family", "rep_id"]], on="opportunity_id", how="left")


def _with_ends(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    deal = rows["opportunity_id"].to_numpy()
    stage = book.ladder.places(rows["stage"])
    entered = rows["entered_at"].to_numpy(float)
    first = np.append(True, deal[1:] != deal[:-1])[: len(deal)]
    last = np.append(deal[1:] != deal[:-1], True)[: len(deal)]
    following = np.append(stage[1:], 0)[: len(stage)]
    closed = rows["is_closed_deal"].to_numpy(bool)
    ended = np.where(closed, rows["ended"].to_numpy(float), book.now)
    left = np.where(last, ended, np.append(entered[1:], 0.0)[: len(entered)])
    event = np.select(
        [
            ~last & (following > stage),
            ~last & (following < stage),
            last & closed & rows["is_won_deal"].to_numpy(bool),
            last & closed,
        ],
        [AHEAD, BACK, WON, LOST],
        CENSORED,
    )
    new_spell = first | np.append(True, stage[1:] != stage[:-1])[: len(stage)]
    spell_of = np.maximum.accumulate(np.where(new_spell, np.arange(len(stage)), 0)) if len(stage) else stage
    close_on = rows["close_on"].to_numpy(float)
    moved_later = ~first & (close_on > np.append(np.nan, close_on[:-1])[: len(close_on)])
    moved_back = ~first & (stage < np.append(0, stage[:-1])[: len(stage)])
    return pd.DataFrame(
        {
            "opportunity_id": deal,
            "stage": stage,
            "spell": entered[spell_of] if len(stage) else entered,
            "entered": entered,
            "left": np.maximum(left, entered + SHORTEST),
            "event": event,
            "to": np.where(last, -1, following),
            "weight": 1.0,
            "amount": rows["amount"].to_numpy(float),
            "stated": rows["stated_probability"].to_numpy(float),
            "slips": _running(moved_later, first),
            "backs": _running(moved_back, first),
            "age_before": np.maximum(entered[spell_of] - rows["created_on"].to_numpy(float), 0)
            if len(stage)
            else entered,
        }
    )


def _running(flags: np.ndarray, first: np.ndarray) -> np.ndarray:
    """How often the flag was raised so far within each deal."""
    total = np.cumsum(flags)
    start = np.maximum.accumulate(np.where(first, np.arange(len(flags)), 0)) if len(flags) else np.zeros(0, int)
    return (total - total[start]).astype(float)


def _without_history(deals: pd.DataFrame, book: Book) -> pd.DataFrame:
    count = len(book.ladder.names)
    closed = deals["is_closed"].to_numpy(bool)
    copies = np.where(closed, count, 1)
    row = np.repeat(np.arange(len(deals)), copies)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(copies) - copies, copies)
    entered = deals["created_on"].to_numpy(float)[row]
    ended = np.where(closed, deals["ended"].to_numpy(float), book.now)[row]
    event = np.where(closed, np.where(deals["is_won"].to_numpy(bool), WON, LOST), CENSORED)[row]
    return pd.DataFrame(
        {
            "opportunity_id": deals["opportunity_id"].to_numpy()[row],
            "stage": np.where(closed[row], nth, book.ladder.places(deals["stage"])[row]),
            "spell": entered,
            "entered": entered,
            "left": np.maximum(ended, entered + SHORTEST),
            "event": event,
            "to": -1,
            "weight": 1.0 / copies[row],
            "amount": deals["amount"].to_numpy(float)[row],
            "stated": deals["stated"].to_numpy(float)[row],
            "slips": 0.0,
            "backs": 0.0,
            "age_before": 0.0,
        }
    )


def split_by_quarter_and_age(stays: pd.DataFrame, first_month: int) -> pd.DataFrame:
    """Pieces of stays within one fiscal quarter and one band of age: stay, quarter, band, weeks at risk, event."""
    entered, left = stays["entered"].to_numpy(float), stays["left"].to_numpy(float)
    quarter = quarter_of(entered, first_month)
    stay, nth = _repeat(quarter_of(left - SHORTEST / 2, first_month) - quarter + 1)
    quarter = quarter[stay] + nth
    start = np.maximum(entered[stay], quarter_start(quarter, first_month))
    end = np.minimum(left[stay], quarter_start(quarter + 1, first_month))

    spell = stays["spell"].to_numpy(float)[stay]
    band = np.searchsorted(AGE_EDGES, (start - spell) / 7, side="right") - 1
    last_band = np.maximum(np.searchsorted(AGE_EDGES, (end - spell) / 7, side="left") - 1, band)
    piece, nth = _repeat(last_band - band + 1)
    band = band[piece] + nth
    edges = np.append(AGE_EDGES, np.inf) * 7
    lower = np.maximum(start[piece], spell[piece] + edges[band])
    upper = np.minimum(end[piece], spell[piece] + edges[band + 1])
    weight = stays["weight"].to_numpy(float)[stay[piece]]
    is_end = np.append(np.diff(stay[piece]) != 0, True)[: len(piece)]
    return pd.DataFrame(
        {
            "stay": stay[piece],
            "stage": stays["stage"].to_numpy(int)[stay[piece]],
            "quarter": quarter[piece],
            "band": band,
            "weeks": np.maximum(upper - lower, 0.0) / 7 * weight,
            "event": np.where(is_end, stays["event"].to_numpy(int)[stay[piece]], CENSORED),
            "weight": weight,
        }
    )


def _repeat(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each index as often as its count says, and how many times it came before."""
    index = np.repeat(np.arange(len(counts)), counts)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)


def current_stays(book: Book, stays: pd.DataFrame) -> pd.DataFrame:
    """The stay in which each open deal stands at `now`, in the order of the book's open deals.

    A deal whose stage the history does not show yet has just entered it.
    """
    deals = book.open_deals[["opportunity_id", "procedure_family", "rep_id"]]
    newest = stays.drop_duplicates("opportunity_id", keep="last").drop(columns=["procedure_family", "rep_id"])
    stands = deals.merge(newest, on="opportunity_id", how="left")
    place = book.ladder.places(book.open_deals["stage"])
    moved = stands["stage"].isna().to_numpy() | (stands["stage"].to_numpy() != place)
    stands["stage"] = place
    stands["spell"] = np.where(moved, book.now, stands["spell"])
    return stands
