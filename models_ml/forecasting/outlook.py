"""A book of deals read with its hazards: what each open deal may bring, and how far quarters stray together.

Here belongs everything that is estimated from one book. Not here: the drawing of paths, the rows of the marts.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.forecasting.book import Book
from models_ml.forecasting.hazards import Hazards, expected_events, fit_hazards
from models_ml.forecasting.probabilities import at_days, ever_won, winning_curves
from models_ml.forecasting.quarters import quarter_start
from models_ml.forecasting.shocks import Level, fit_level, fit_local_shock
from models_ml.forecasting.stays import WON, build_stays, current_stays, split_by_quarter_and_age

QUARTERS_BACK = 12  # quarters from which shocks are learnt
LARGEST_RATIO = 5.0  # of the amount won over the amount of the deal, either way


@dataclass(frozen=True)
class Evidence:
    """A book's stays, and their pieces at risk."""

    book: Book
    stays: pd.DataFrame
    pieces: pd.DataFrame
    current: pd.DataFrame


@dataclass(frozen=True)
class Outlook:
    """Open deals in the order of the book, their chances by quarter, and the shocks that they share."""

    hazards: Hazards
    age: np.ndarray
    multiplier: np.ndarray
    curves: np.ndarray
    chances: np.ndarray
    ever: np.ndarray
    level: Level
    local: np.ndarray
    wins: pd.DataFrame


def gather(book: Book, first_month: int) -> Evidence:
    stays = build_stays(book)
    return Evidence(book, stays, split_by_quarter_and_age(stays, first_month), current_stays(book, stays))


def quarter_edges(now: float, quarter: int, count: int, first_month: int) -> np.ndarray:
    """Days from now to the ends of the quarters ahead, the first of them 0."""
    ends = quarter_start(np.arange(quarter + 1, quarter + count + 1), first_month) - now
    return np.append(0.0, np.maximum(ends, 0.0))


def look_ahead(
    evidence: Evidence, quarter: int, count: int, first_month: int, with_deals: bool = True, weeks: int = 0
) -> Outlook:
    """Fit the hazards to a book and read off each open deal's chances in `count` quarters from `quarter` on."""
    book, current = evidence.book, evidence.current
    hazards = fit_hazards(evidence.stays, evidence.pieces, book.ladder.stated, with_deals)
    edges = quarter_edges(book.now, quarter, count, first_month)
    stage = current["stage"].to_numpy(int)
    age = (book.now - current["spell"].to_numpy(float)) / 7
    multiplier = hazards.multipliers(current)
    curves = winning_curves(hazards, stage, age, multiplier, max(int(np.ceil(edges[-1] / 7)) + 1, weeks))
    chances = np.diff(at_days(curves, edges), axis=1)
    wins = _wins_by_quarter(evidence, hazards, quarter)
    level, local = _shocks(wins, quarter)
    return Outlook(
        hazards, age, multiplier, curves, chances, ever_won(hazards, stage, age, multiplier), level, local, wins
    )


def _wins_by_quarter(evidence: Evidence, hazards: Hazards, quarter: int) -> pd.DataFrame:
    """Wins seen and expected by territory and fiscal quarter, stays and rates given."""
    pieces = evidence.pieces
    territory = evidence.book.deals.set_index("opportunity_id")["territory_id"]
    frame = pd.DataFrame(
        {
            "territory_id": evidence.stays["opportunity_id"].map(territory).to_numpy()[pieces["stay"].to_numpy(int)],
            "quarter": pieces["quarter"].to_numpy(),
            "observed": np.where(pieces["event"] == WON, pieces["weight"], 0.0),
            "expected": expected_events(hazards, evidence.stays, pieces)[:, WON],
        }
    )
    frame = frame[(frame["quarter"] > quarter - QUARTERS_BACK) & (frame["quarter"] <= quarter)]
    return frame.groupby(["territory_id", "quarter"], as_index=False)[["observed", "expected"]].sum()


def _shocks(wins: pd.DataFrame, quarter: int) -> tuple[Level, np.ndarray]:
    company = wins.groupby("quarter")[["observed", "expected"]].sum()
    if len(company):
        company = company.reindex(range(int(company.index.min()), quarter + 1), fill_value=0.0)
    level = fit_level(company["observed"].to_numpy(float), company["expected"].to_numpy(float))
    ratio = (company["observed"] + 1) / (company["expected"] + 1)
    past = wins[wins["quarter"] < quarter]
    expected = past["expected"].to_numpy(float) * past["quarter"].map(ratio).to_numpy(float)
    return level, fit_local_shock(past["observed"].to_numpy(float), expected)


def amount_ratios(evidence: Evidence) -> np.ndarray:
    """What past won deals brought over what they were stated to bring in each stay; 1 where none is known."""
    book = evidence.book
    won = book.deals[book.deals["is_won"]].set_index("opportunity_id")["amount"]
    stays = evidence.stays[evidence.stays["opportunity_id"].isin(won.index)]
    final = stays["opportunity_id"].map(won).to_numpy(float)
    stated = stays["amount"].to_numpy(float)
    usable = (final > 0) & (stated > 0)
    ratios = np.clip(final[usable] / stated[usable], 1 / LARGEST_RATIO, LARGEST_RATIO)
    return np.sort(ratios) if len(ratios) else np.ones(1)
