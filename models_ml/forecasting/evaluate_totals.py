"""What the totals of past quarters were worth: scores of the paths, and of the figures that stand beside them.

Here belong totals by territory and company at rolling origins. Not here: single deals (see `evaluate`).
"""

import numpy as np
import pandas as pd

from models_ml.forecasting import scores
from models_ml.forecasting.book import Book
from models_ml.forecasting.evaluate import Origin
from models_ml.forecasting.levels import Cells, build_cells
from models_ml.forecasting.quarters import quarter_of
from models_ml.forecasting.totals import departures, money_to_come, won_so_far

PATHS = 500
NO_ORDERS = pd.DataFrame(columns=["territory_id", "rep_id"])


def total_scores(
    origins: list[Origin],
    with_deals: bool,
    book: Book,
    reps: pd.DataFrame,
    commits: pd.DataFrame,
    first_month: int,
    seed: int,
) -> pd.DataFrame:
    """Scores of the quarters' totals by territory and for the company, with the baselines' point forecasts."""
    if not origins:
        return pd.DataFrame(columns=["metric", "split", "value", "lower", "upper"])
    drawn, baselines, outcomes = [], [], []
    for origin in origins:
        then, quarters = origin.evidence.book, np.array([origin.quarter])
        cells = build_cells(then.deals, reps, set(), NO_ORDERS, then.now, quarters, first_month)
        paths = _territory_paths(origin, with_deals, cells, first_month, seed)
        actual = _won_in(book.deals, origin.quarter, cells, first_month)
        drawn.append(np.vstack([paths, paths.sum(axis=0)]))
        outcomes.append(actual)
        baselines.append(_baselines(origin, cells, commits, reps, first_month))
    return _scored(drawn, outcomes, baselines, seed)


def _won_in(deals: pd.DataFrame, quarter: int, cells: Cells, first_month: int) -> np.ndarray:
    """Money won in a quarter by territory, that of the company last."""
    won = deals[deals["is_won"] & (quarter_of(deals["closed_on"].to_numpy(float), first_month) == quarter)]
    by_territory = won.groupby("territory_id")["amount"].sum()
    return np.append(by_territory.reindex(list(cells.territories), fill_value=0.0), won["amount"].sum())


def _territory_paths(origin: Origin, with_deals: bool, cells: Cells, first_month: int, seed: int) -> np.ndarray:
    outlook, quarters = origin.full if with_deals else origin.plain, np.array([origin.quarter])
    shared = departures(outlook, cells, PATHS, 1, seed)
    money, _ = money_to_come(origin.evidence, outlook, cells, quarters, first_month, shared, {}, seed)
    already = won_so_far(origin.evidence.book.deals, cells, quarters, first_month, "amount")
    return _by_ground(money[:, :, 0] + already, cells)


def _by_ground(values: np.ndarray, cells: Cells) -> np.ndarray:
    result = np.zeros((len(cells.territories), values.shape[1]))
    np.add.at(result, cells.ground, values)
    return result


def _baselines(
    origin: Origin, cells: Cells, commits: pd.DataFrame, reps: pd.DataFrame, first_month: int
) -> dict[str, np.ndarray]:
    """Point forecasts by territory, the company last; NaN where a baseline says nothing."""
    book, deals = origin.evidence.book, origin.deals
    ground = cells.ground[cells.place(book.open_deals)]
    due = quarter_of(deals["close_on"].to_numpy(float), first_month) == origin.quarter
    stated = deals["stated"].fillna(0.0) * deals["amount"] * due
    average = deals["stage_average"] * deals["amount"]
    result = {
        "stated_probability": np.bincount(ground, stated, len(cells.territories)),
        "stage_average": np.bincount(ground, average, len(cells.territories)),
    }
    said = commits[commits["quarter"] == origin.quarter].merge(reps[["rep_id", "territory_id"]], on="rep_id")
    by_territory = said.groupby("territory_id")["usd"].sum()
    result["rep_commit"] = pd.Series(cells.territories).map(by_territory).to_numpy(float)
    return {name: np.append(values, np.nansum(values) if len(said) or name != "rep_commit" else np.nan)
            for name, values in result.items()}  # fmt: skip


def _scored(drawn: list[np.ndarray], outcomes: list[np.ndarray], baselines: list[dict], seed: int) -> pd.DataFrame:
    rows = []
    for level, pick in (("territory", slice(None, -1)), ("company", slice(-1, None))):
        quarter = np.repeat(np.arange(len(drawn)), [len(o[pick]) for o in outcomes])
        outcome = np.concatenate([o[pick] for o in outcomes])
        forecasts = {"model": np.vstack([d[pick] for d in drawn])}
        for name in ("stated_probability", "stage_average", "rep_commit"):
            forecasts[name] = np.concatenate([b[name][pick] for b in baselines])[:, None]
        for name, draws in forecasts.items():
            known = np.isfinite(draws[:, 0])
            if known.any():
                rows += _score_rows(
                    f"{name}@{level}", outcome[known], draws[known], quarter[known], seed, name == "model"
                )
    result = pd.DataFrame(rows, columns=["metric", "split", "value", "lower", "upper"])
    plain = result[result["split"].str.endswith("@company")]
    return pd.concat([result, plain.assign(split=plain["split"].str.removesuffix("@company"))], ignore_index=True)


def _score_rows(
    split: str, outcome: np.ndarray, draws: np.ndarray, quarter: np.ndarray, seed: int, has_spread: bool
) -> list[tuple]:
    by_row = {"crps": scores.crps(outcome, draws), "pinball": scores.pinball(outcome, draws)}
    if has_spread:
        by_row["coverage_p10_p90"] = scores.covered(outcome, draws)
    error, size = np.abs(outcome - np.median(draws, axis=1)), np.abs(outcome)
    picks = np.random.default_rng([seed, 7]).integers(0, quarter.max() + 1, (200, quarter.max() + 1))
    times = np.stack([np.bincount(pick, minlength=quarter.max() + 1) for pick in picks])[:, quarter].astype(float)
    times = times[times.sum(axis=1) > 0]
    rows = []
    for metric, values in by_row.items():
        rows.append((metric, split, values.mean(), *np.quantile(times @ values / times.sum(axis=1), [0.025, 0.975])))
    ratio = times @ error / np.maximum(times @ size, 1e-9)
    rows.append(("wape", split, scores.wape(outcome, draws), *np.quantile(ratio, [0.025, 0.975])))
    rows.append(("quarters", split, float(len(np.unique(quarter))), np.nan, np.nan))
    return rows
