"""The rows of the forecast: money by level and fiscal quarter.

Here belong sums over paths and their quantiles. Not here: any draw, any estimate.
"""

import numpy as np
import pandas as pd

from models_ml.forecasting.arrivals import fit_arrivals
from models_ml.forecasting.levels import Cells, members, subject_of_rep
from models_ml.forecasting.outlook import Evidence, Outlook, amount_ratios, quarter_edges
from models_ml.forecasting.quarters import as_date, quarter_of, quarter_start
from models_ml.forecasting.simulate import Departures, draw_departures, new_deal_money, open_deal_money
from models_ml.forecasting.units import rates_of

QUANTILES = (0.1, 0.5, 0.9)


def departures(outlook: Outlook, cells: Cells, paths: int, quarters: int, seed: int) -> Departures:
    """The shocks of all paths; a rep's part is as wide as that rep's multiplier is unsure."""
    shapes = outlook.hazards.group_shapes.get("rep_id")
    if shapes is None or shapes.empty:
        spread = np.zeros(len(cells.table))
    else:
        spread = np.sqrt(1 / cells.table["rep_id"].map(shapes).fillna(shapes.min()).to_numpy(float))
    return draw_departures(outlook.level, outlook.local, spread, len(cells.territories), paths, quarters, seed)


def won_so_far(deals: pd.DataFrame, cells: Cells, quarters: np.ndarray, first_month: int, column: str) -> np.ndarray:
    """Money or units (`column`) of deals won by cell and quarter of their close date."""
    won = deals[deals["is_won"]]
    quarter = quarter_of(won["closed_on"].to_numpy(float), first_month)
    place, worth = cells.place(won), won[column].fillna(0.0).to_numpy(float)
    result = np.zeros((len(cells.table), len(quarters)))
    for number, wanted in enumerate(quarters):
        chosen = (quarter == wanted) & (place >= 0)
        result[:, number] = np.bincount(place[chosen], worth[chosen], len(cells.table))
    return result


def money_to_come(
    evidence: Evidence,
    outlook: Outlook,
    cells: Cells,
    quarters: np.ndarray,
    first_month: int,
    shared: Departures,
    per_usd: dict[str, float],
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Money and units by cell, path and quarter from open deals and deals to come."""
    book = evidence.book
    deals = book.open_deals
    edges = quarter_edges(book.now, int(quarters[0]), len(quarters), first_month)
    units = rates_of(deals["procedure_family"], per_usd).to_numpy()
    money, pieces = open_deal_money(
        outlook.chances, deals["amount"].to_numpy(float), units, cells.place(deals), cells.ground,
        amount_ratios(evidence), shared, seed,
    )  # fmt: skip
    arrivals = fit_arrivals(book, cells.territories, int(quarters[0]), first_month, int(np.ceil(edges[-1] / 7)) + 1)
    won = book.deals[book.deals["is_won"]]
    per_won = float(rates_of((won if len(won) else book.deals)["procedure_family"], per_usd).mean())
    new_money, new_pieces = new_deal_money(arrivals, cells.share, cells.ground, quarters, edges, per_won, shared, seed)
    return money + new_money, pieces + new_pieces


def forecast_rows(
    cells: Cells,
    reps: pd.DataFrame,
    quarters: np.ndarray,
    first_month: int,
    closed: np.ndarray,
    money: np.ndarray,
    units: np.ndarray | None,
    orders: np.ndarray | None,
    commits: pd.DataFrame,
    quotas: pd.DataFrame,
) -> pd.DataFrame:
    """One row a level, subject and quarter; `closed` by cell and quarter, paths by cell, path and quarter."""
    expected = np.round(money.mean(axis=1), 2)
    promised, wanted = (_by_subject(frame, subject_of_rep(cells, reps)) for frame in (commits, quotas))
    rows = []
    for level, subject, of in members(cells):
        paths, sure = money[of].sum(axis=0), closed[of].sum(axis=0)
        for place, quarter in enumerate(quarters):
            total = paths[:, place] + sure[place]
            quota = wanted.get((level, subject, int(quarter)), np.nan)
            p10, p50, p90 = np.quantile(total, QUANTILES)
            row = {
                "level": level,
                "subject_id": subject,
                "quarter_start": as_date(float(quarter_start(quarter, first_month))),
                "closed_usd": round(float(sure[place]), 2),
                "p10": round(float(p10), 2),
                "p50": round(float(p50), 2),
                "p90": round(float(p90), 2),
                "expected_usd": round(float(expected[of, place].sum() + sure[place]), 2),
                "commit_usd": promised.get((level, subject, int(quarter)), np.nan),
                "quota_usd": quota,
                "quota_probability": float(np.mean(total >= quota)) if np.isfinite(quota) else np.nan,
                "units_p50": np.nan if units is None else round(float(np.median(units[of, :, place].sum(axis=0))), 2),
            }
            if orders is not None:
                ordered = np.quantile(orders[of, :, place].sum(axis=0), QUANTILES)
                row |= {
                    f"order_run_rate_p{q:.0f}": round(float(v), 2) for q, v in zip((10, 50, 90), ordered, strict=True)
                }
            else:
                row |= dict.fromkeys(("order_run_rate_p10", "order_run_rate_p50", "order_run_rate_p90"), np.nan)
            rows.append(row)
    return pd.DataFrame(rows)


def _by_subject(frame: pd.DataFrame, subjects: pd.DataFrame) -> dict[tuple[str, str, int], float]:
    """Sums of a rep's figures by level, subject and quarter."""
    joined = frame.merge(subjects, on="rep_id", how="inner")
    result: dict[tuple[str, str, int], float] = {}
    for level in ("rep", "territory", "region", "company"):
        sums = joined.groupby([level, "quarter"])["usd"].sum()
        result |= {(level, str(subject), int(quarter)): float(usd) for (subject, quarter), usd in sums.items()}
    return result
