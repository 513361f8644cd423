"""One night's forecast, from frames to frames.

Here belongs the order of steps. Not here: any step.
"""

import datetime as dt

import numpy as np
import pandas as pd

from models_ml.evaluation import conform, typed_empty
from models_ml.forecasting.book import Book, read_book
from models_ml.forecasting.breaks import win_rate_break
from models_ml.forecasting.calibration import calibrate
from models_ml.forecasting.deals import deal_rows
from models_ml.forecasting.evaluate import deal_scores, is_better_with_deals, past_origins
from models_ml.forecasting.evaluate_totals import total_scores
from models_ml.forecasting.frames import OUTPUTS
from models_ml.forecasting.levels import build_cells, commits_and_quotas, read_reps
from models_ml.forecasting.outlook import Outlook, gather, look_ahead
from models_ml.forecasting.quarters import day_number, quarter_of
from models_ml.forecasting.run_rate import order_paths
from models_ml.forecasting.totals import departures, forecast_rows, money_to_come, won_so_far
from models_ml.forecasting.units import rates_of, units_per_usd

MODEL_VERSION = "forecast-1"
PATHS = 2000
WEEKS_SHOWN = 78  # how far ahead the expected day of a win is looked for
LEAST_CLOSED = 30  # closed deals below which the reasons say that the stated probabilities weigh
NO_BETTER = "no better than the stage average"
FEW_DEALS = "few closed deals: stated probabilities weigh"


def forecast_quarters(
    deals: pd.DataFrame,
    deal_stages: pd.DataFrame,
    stages: pd.DataFrame,
    reps: pd.DataFrame,
    commits: pd.DataFrame,
    quotas: pd.DataFrame,
    order_months: pd.DataFrame,
    as_of: dt.date,
    fiscal_year_start_month: int,
    horizon_quarters: int,
    random_state: int = 0,
) -> dict[str, pd.DataFrame]:
    """Calibration by stage, open deals, money by level and fiscal quarter (the current one first), and the report."""
    now, month = day_number(as_of) + 1.0, int(fiscal_year_start_month)
    book = read_book(deals, deal_stages, stages, now)
    if book.deals.empty:
        return typed_empty(OUTPUTS)
    quarter = int(quarter_of(np.array([now - 1]), month)[0])
    quarters = np.arange(quarter, quarter + max(int(horizon_quarters), 1))
    reps = read_reps(reps)
    commits, quotas = commits_and_quotas(commits, quotas, now, month)

    origins = past_origins(book, quarter, month)
    with_deals = is_better_with_deals(origins)
    evidence = gather(book, month)
    plain = look_ahead(evidence, quarter, len(quarters), month, with_deals=False, weeks=WEEKS_SHOWN)
    outlook = look_ahead(evidence, quarter, len(quarters), month, weeks=WEEKS_SHOWN) if with_deals else plain
    report = pd.concat(
        [
            deal_scores(origins, with_deals, random_state),
            total_scores(origins, with_deals, book, reps, commits, month, random_state),
            _remarks(book, plain, with_deals, quarter),
        ]
    ).assign(model_version=MODEL_VERSION)

    ordering, ordered = order_paths(order_months, now, quarters, month, PATHS, random_state)
    named = pd.concat([commits, quotas])
    named = set(named.loc[named["quarter"].isin(quarters), "rep_id"])
    cells = build_cells(book.deals, reps, named, ordering, now, quarters, month)
    per_usd = units_per_usd(order_months, now)
    book.deals["units"] = book.deals["amount_usd"] * rates_of(book.deals["procedure_family"], per_usd)
    shared = departures(outlook, cells, PATHS, len(quarters), random_state)
    money, units = money_to_come(evidence, outlook, cells, quarters, month, shared, per_usd, random_state)
    closed = won_so_far(book.deals, cells, quarters, month, "amount_usd")
    units = units + won_so_far(book.deals, cells, quarters, month, "units")[:, None, :] if per_usd else None
    orders = None
    if len(ordering):
        orders = np.zeros(money.shape)
        orders[cells.place(ordering)] = ordered
    forecasts = forecast_rows(cells, reps, quarters, month, closed, money, units, orders, commits, quotas)

    remark = "; ".join(_said(book, with_deals))
    found = {
        "calibration": calibrate(evidence, plain, random_state),
        "opportunity_forecasts": deal_rows(evidence, outlook, remark, random_state),
        "forecasts": forecasts,
        "report": report,
    }
    return {name: conform(frame, OUTPUTS[name]) for name, frame in found.items()}


def _said(book: Book, with_deals: bool) -> list[str]:
    said = [] if with_deals else [NO_BETTER]
    return said if book.deals["is_closed"].sum() >= LEAST_CLOSED else [*said, FEW_DEALS]


def _remarks(book: Book, plain: Outlook, with_deals: bool, quarter: int) -> pd.DataFrame:
    """What else the reader of the report should know: deals kept out, the variant in use, a break in the win rate."""
    rows = [("excluded_deals", reason, float(count), np.nan, np.nan) for reason, count in book.excluded.items()]
    rows.append(("is_stage_average_published", "model", 0.0 if with_deals else 1.0, np.nan, np.nan))
    rows.append(("win_rate_break", "company", *win_rate_break(plain.wins, quarter)))
    rows.append(("quarter_shock", "company", plain.level.typical_shock, np.nan, np.nan))
    return pd.DataFrame(rows, columns=["metric", "split", "value", "lower", "upper"])
