"""The metrics of the scores and of their baselines, all on the same rows, with intervals over providers.

Ranking is judged as the field meets it, within each day: a provider's place among those of its day, pooled over days. Otherwise a
base rate that moves between days would pass for good or bad ranking.
"""

import numpy as np
import pandas as pd

from models_ml.evaluation import METRICS, Metric, auc, bootstrap_intervals, log_loss
from models_ml.targeting.origins import SPLITS

DRAWS = 100
RANKING = ("auc", "average_precision", "lift_top_decile")
BY_DAY = {name: METRICS[name] for name in ("auc", "lift_top_decile", "brier")}
MOST_TEST_ROWS = 200_000
LEAST_EVENTS = 5


def beats_volume(tests: pd.DataFrame, random_state: int) -> bool:
    """Is the model credibly (90 %, one-sided) better than trailing volume on the same rows, at probabilities or at ranking?

    A better ranking counts only where the probabilities are not worse either.
    """
    tests = _some_providers(tests, random_state)
    y, model, volume = (tests[column].to_numpy() for column in ("y", "model", "trailing_volume"))
    model_place, volume_place = (
        tests.groupby("snapshot_on")[column].rank(pct=True).to_numpy() for column in ("model", "trailing_volume")
    )

    def surprise_saved(_: np.ndarray, rows: np.ndarray, w: np.ndarray | None) -> float:
        at = rows.astype(int)
        return log_loss(y[at], volume[at], w) - log_loss(y[at], model[at], w)

    def ranked_better(_: np.ndarray, rows: np.ndarray, w: np.ndarray | None) -> float:
        at = rows.astype(int)
        return auc(y[at], model_place[at], w) - auc(y[at], volume_place[at], w)

    gains = {"surprise": surprise_saved, "ranking": ranked_better}
    places, npis = np.arange(len(y), dtype=float), tests["npi"].to_numpy()
    measured = bootstrap_intervals(gains, y, places, npis, level=0.8, random_state=random_state)
    saved, surely_saved, _ = measured["surprise"]
    return bool(surely_saved > 0 or (saved > 0 and measured["ranking"][1] > 0))


def metric_rows(tests: pd.DataFrame, random_state: int) -> list[dict]:
    """Pooled over the past days for each split; for the model also day by day, as `model@<day>`."""
    tests = _some_providers(tests, random_state)
    rows = []
    for split in SPLITS:
        rows += _rows(split, tests, split, METRICS, random_state)
    for day, part in tests.groupby("snapshot_on", sort=True):
        rows += _rows(f"model@{day:%Y-%m-%d}", part, "model", BY_DAY, random_state)
    return rows


def _rows(split: str, tests: pd.DataFrame, column: str, metrics: dict[str, Metric], random_state: int) -> list[dict]:
    y, p = tests["y"].to_numpy(), tests[column].to_numpy()
    rows = [
        {"split": split, "metric": "n", "value": float(len(y)), "lower": np.nan, "upper": np.nan},
        {"split": split, "metric": "positives", "value": float(y.sum()), "lower": np.nan, "upper": np.nan},
    ]
    if y.sum() < LEAST_EVENTS:
        return rows
    place = tests.groupby("snapshot_on")[column].rank(pct=True).to_numpy()
    npis, measured = tests["npi"].to_numpy(), {}
    for values, is_ranking in ((place, True), (p, False)):
        asked = {name: metric for name, metric in metrics.items() if (name in RANKING) == is_ranking}
        measured |= bootstrap_intervals(asked, y, values, npis, draws=DRAWS, random_state=random_state)
    return rows + [
        {"split": split, "metric": metric, "value": value, "lower": lower, "upper": upper}
        for metric, (value, lower, upper) in measured.items()
    ]


def _some_providers(tests: pd.DataFrame, random_state: int) -> pd.DataFrame:
    """All rows of a random part of the providers where there are very many: unbiased, and the intervals stay honest."""
    if len(tests) <= MOST_TEST_ROWS:
        return tests
    npis = np.sort(tests["npi"].unique())
    chance = MOST_TEST_ROWS / len(tests)
    kept = npis[np.random.default_rng(random_state).random(len(npis)) < chance]
    return tests[tests["npi"].isin(kept)]
