"""What the forecast was worth at the starts of past quarters, against the stated probabilities and the stage average.

Here belong rolling origins and their report. Not here: today's forecast.

1. At each origin everything is fitted anew on the book as it was known then; the quarter that followed is predicted.
2. Three forecasts are scored on the same deals: the model, the probability that the CRM stated, and the share of deals
   of that stage that were won within a quarter at earlier quarter starts.
3. Deals are scored on being won within the quarter, totals on the money won in it (amounts bounded).
4. The model with what tells deals of a stage apart stays only if it was no worse than the hazards by stage alone.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.evaluation import bootstrap_intervals, brier, ece, log_loss
from models_ml.forecasting.book import Book
from models_ml.forecasting.outlook import Evidence, Outlook, gather, look_ahead
from models_ml.forecasting.quarters import quarter_of, quarter_start

ORIGINS, LEAST_CLOSED, LEAST_TESTED = 8, 20, 30
METRICS = {"brier": brier, "log_loss": log_loss, "ece": ece}


@dataclass(frozen=True)
class Origin:
    """A past quarter start: what was known, what both variants said, and the baselines' chances."""

    quarter: int
    evidence: Evidence
    full: Outlook
    plain: Outlook
    deals: pd.DataFrame


def past_origins(book: Book, quarter: int, first_month: int) -> list[Origin]:
    """The origins whose quarter has passed, oldest first."""
    created = book.deals["created_on"].min()
    if not np.isfinite(created):
        return []
    history: list[pd.DataFrame] = []
    result = []
    first = int(quarter_of(np.array([created]), first_month)[0]) + 1
    for past in range(first, quarter):
        then = book.at(float(quarter_start(past, first_month)))
        deals = _won_within(book, then, past, first_month)
        if past >= quarter - ORIGINS and len(deals) and then.deals["is_closed"].sum() >= LEAST_CLOSED:
            evidence = gather(then, first_month)
            full, plain = (look_ahead(evidence, past, 1, first_month, flag) for flag in (True, False))
            deals["full"], deals["plain"] = (_chance(outlook) for outlook in (full, plain))
            deals["stage_average"] = _stage_average(history, deals)
            result.append(Origin(past, evidence, full, plain, deals))
        history.append(deals)
    return result


def _won_within(book: Book, then: Book, quarter: int, first_month: int) -> pd.DataFrame:
    """The deals open at a past moment, and whether they were won before the quarter ended."""
    deals = then.open_deals[["opportunity_id", "stage", "stated", "amount", "close_on"]].copy()
    fate = book.deals.set_index("opportunity_id").loc[deals["opportunity_id"]]
    end = float(quarter_start(quarter + 1, first_month))
    deals["won"] = (fate["is_won"] & (fate["ended"] < end)).to_numpy(float)
    return deals


def _chance(outlook: Outlook) -> np.ndarray:
    p = np.clip(outlook.chances[:, 0], 1e-9, 1 - 1e-9)
    move = np.exp(float(outlook.level.mean_level))
    return p * move / (1 - p + p * move)


def _stage_average(history: list[pd.DataFrame], deals: pd.DataFrame) -> np.ndarray:
    if not history:
        return np.full(len(deals), 0.1)
    past = pd.concat(history)
    overall = (past["won"].sum() + 1) / (len(past) + 10)
    rates = past.groupby("stage")["won"].agg(["sum", "size"])
    return deals["stage"].map((rates["sum"] + 5 * overall) / (rates["size"] + 5)).fillna(overall).to_numpy(float)


def is_better_with_deals(origins: list[Origin]) -> bool:
    """Whether telling deals of a stage apart did no harm on the deals tested."""
    tested = pd.concat([origin.deals for origin in origins]) if origins else pd.DataFrame()
    if len(tested) < LEAST_TESTED:
        return True
    won = tested["won"].to_numpy()
    return log_loss(won, tested["full"].to_numpy()) <= log_loss(won, tested["plain"].to_numpy())


def deal_scores(origins: list[Origin], with_deals: bool, seed: int) -> pd.DataFrame:
    """Brier score, log-loss and ECE of the model and the two baselines, with the number of deals tested."""
    if not origins:
        return pd.DataFrame({"metric": ["n"], "split": ["model"], "value": [0.0], "lower": [np.nan], "upper": [np.nan]})
    tested = pd.concat([origin.deals for origin in origins], ignore_index=True)
    tested["model"] = tested["full" if with_deals else "plain"]
    tested["stated_probability"] = tested["stated"].fillna(tested["stage_average"])
    rows = []
    for split in ("model", "stated_probability", "stage_average"):
        found = bootstrap_intervals(
            METRICS, tested["won"].to_numpy(), tested[split].to_numpy(float), tested["opportunity_id"].to_numpy(str),
            random_state=seed,
        )  # fmt: skip
        for metric, (value, lower, upper) in found.items():
            rows.append((metric, split, value, min(lower, value), max(upper, value)))
        rows.append(("n", split, float(len(tested)), np.nan, np.nan))
    return pd.DataFrame(rows, columns=["metric", "split", "value", "lower", "upper"])
