"""The metrics of the scores and of their baselines, all on the same rows, with intervals over providers.

Ranking is judged as the field meets it, within each day: a provider's place among those of its day, pooled over days. Otherwise a
base rate that moves between days would pass for good or bad ranking. Skill is the part of a baseline's error that a model saves.
"""

import numpy as np
import pandas as pd

from models_ml.evaluation import METRICS, Metric, bootstrap_intervals, brier, log_loss

DRAWS = 100
SPLITS = ("model", "logistic", "boosted", "trailing_volume", "specialty_mean", "todays_list")
RANKING = ("auc", "average_precision", "lift_top_decile")
BY_DAY = {name: METRICS[name] for name in ("auc", "lift_top_decile", "brier")}
MOST_TEST_ROWS = 60_000
LEAST_EVENTS = 5


def metric_rows(tests: pd.DataFrame, has_list: bool, random_state: int) -> list[dict]:
    """Pooled over the past days for each split; for the model, which is both kinds in one, also day by day, as `model@<day>`.

    Where neither a list nor a call is known of any past day (`has_list`), that baseline has no metrics.
    """
    tests = some_providers(tests, random_state)
    rows = []
    for split in SPLITS:
        if split == "todays_list" and not has_list:
            continue
        rows += _rows(split, tests, split, METRICS, random_state)
    for day, part in tests.groupby("snapshot_on", sort=True):
        rows += _rows(f"model@{day:%Y-%m-%d}", part, "model", BY_DAY, random_state)
    return rows


def split_rows(split: str, tests: pd.DataFrame, random_state: int) -> list[dict]:
    """All metrics of the column that bears the name of the split."""
    return _rows(split, some_providers(tests, random_state), split, METRICS, random_state)


def _rows(split: str, tests: pd.DataFrame, column: str, metrics: dict[str, Metric], random_state: int) -> list[dict]:
    y, p, weight = (tests[name].to_numpy(dtype=float) for name in ("y", column, "weight"))
    rows = [
        {"split": split, "metric": "n", "value": float(weight.sum()), "lower": np.nan, "upper": np.nan},
        {"split": split, "metric": "positives", "value": float(weight @ y), "lower": np.nan, "upper": np.nan},
    ]
    if y.sum() < LEAST_EVENTS:
        return rows
    place = tests.groupby("snapshot_on")[column].rank(pct=True).to_numpy()
    npis, measured = tests["npi"].to_numpy(), {}
    for values, is_ranking in ((place, True), (p, False)):
        asked = {name: metric for name, metric in metrics.items() if (name in RANKING) == is_ranking}
        if not is_ranking and len(metrics) > len(BY_DAY):
            asked |= _skills(y, weight)
        measured |= bootstrap_intervals(asked, y, values, npis, draws=DRAWS, random_state=random_state, weights=weight)
    return rows + [
        {"split": split, "metric": metric, "value": value, "lower": lower, "upper": upper}
        for metric, (value, lower, upper) in measured.items()
    ]


def _skills(y: np.ndarray, weight: np.ndarray) -> dict[str, Metric]:
    """Brier and log-loss skill against the rate of all rows."""
    rate = float(np.average(y, weights=weight))

    def of(error: Metric) -> Metric:
        return lambda y, p, w: 1 - error(y, p, w) / error(y, np.full(len(y), rate), w)

    return {"brier_skill": of(brier), "log_loss_skill": of(log_loss)}


def some_providers(tests: pd.DataFrame, random_state: int) -> pd.DataFrame:
    """Where there are very many rows: all of whoever ordered, and of the others a random part, weighted for the rest; unbiased."""
    if len(tests) <= MOST_TEST_ROWS:
        return tests
    ordered = tests["npi"].isin(tests.loc[tests["y"] > 0, "npi"]).to_numpy()
    others = np.sort(tests.loc[~ordered, "npi"].unique())
    chance = min(1.0, max(MOST_TEST_ROWS - ordered.sum(), MOST_TEST_ROWS // 4) / max((~ordered).sum(), 1))
    drawn = others[np.random.default_rng(random_state).random(len(others)) < chance]
    kept = ordered | tests["npi"].isin(drawn).to_numpy()
    weight = np.where(ordered, tests["weight"], tests["weight"] / chance)
    return tests.assign(weight=weight)[kept]
