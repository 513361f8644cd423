"""Who scores tonight: the newly fitted model, the model in use where the new one is worse, or trailing volume.

1. The model in use is compared with the new one on the newest year of tests, each as it was or would have been on the day: neither has seen what
   came after. The new one goes live unless it is credibly worse.
2. Neither is published unless it is credibly better than trailing volume.

Credibly: with 90 % one-sided confidence, by the bootstrap over providers.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.evaluation import auc, bootstrap_intervals, log_loss, timestamp
from models_ml.targeting.calibration import sigmoid
from models_ml.targeting.champion import Champion
from models_ml.targeting.origins import Tests
from models_ml.targeting.report import some_providers
from models_ml.targeting.teaching import is_newest_year

LEAST_EVENTS = 5


@dataclass(frozen=True)
class Verdict:
    """Does the new model go live, by how much less surprise than the one in use (with its interval), on which rows, and in words."""

    goes_live: bool
    words: str
    saved: tuple[float, float, float] = (np.nan, np.nan, np.nan)
    rows: pd.DataFrame | None = None


def judge(
    challenger: Champion, champion: Champion | None, tests: Tests, table: pd.DataFrame, random_state: int
) -> Verdict:
    """The new model against the one in use."""
    if champion is None:
        return Verdict(True, f"{challenger.version} goes live: no earlier model is in use")
    newest = is_newest_year(table["snapshot_on"]).to_numpy()
    parts = []
    for day in sorted(table["snapshot_on"][newest].unique()):
        here = (table["snapshot_on"] == day).to_numpy()
        of_then = champion.of_day(timestamp(day).date())
        if of_then is not None:
            seen = tests.predicted[here]
            parts.append(table[here].assign(champion=sigmoid(of_then.log_odds(seen))))
    rows = pd.concat(parts, ignore_index=True) if parts else None
    if rows is None or rows["y"].sum() < LEAST_EVENTS:
        return Verdict(True, f"{challenger.version} goes live: nothing to compare it with {champion.version} by")
    saved = surprise_saved(rows, "model", "champion", random_state)
    if saved[2] < 0:
        words = f"{champion.version} stays: {challenger.version} is worse on the newest origins"
        return Verdict(False, words, saved, rows)
    words = f"{challenger.version} goes live: not worse than {champion.version} on the newest origins"
    return Verdict(True, words, saved, rows)


def beats_volume(tests: pd.DataFrame, column: str, random_state: int) -> bool:
    """Is a model credibly better than trailing volume on the same rows, at probabilities or at ranking?

    A better ranking counts only where the probabilities are not worse either.
    """
    saved, surely_saved, _ = surprise_saved(tests, column, "trailing_volume", random_state)
    if surely_saved > 0 or saved <= 0:
        return bool(surely_saved > 0)
    places = {name: tests.groupby("snapshot_on")[name].rank(pct=True) for name in (column, "trailing_volume")}
    ranked = tests.assign(**places)
    return bool(_gain(ranked, column, "trailing_volume", auc, random_state)[1] > 0)


def surprise_saved(tests: pd.DataFrame, one: str, other: str, random_state: int) -> tuple[float, float, float]:
    """By how much less one model is surprised than the other a row, with the 80 % interval."""

    def certainty(y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
        return -log_loss(y, p, w)

    return _gain(tests, one, other, certainty, random_state)


def _gain(tests: pd.DataFrame, one: str, other: str, metric, random_state: int) -> tuple[float, float, float]:
    tests = some_providers(tests, random_state)
    y, p, q, weight = (tests[column].to_numpy(dtype=float) for column in ("y", one, other, "weight"))

    def gain(_: np.ndarray, rows: np.ndarray, w: np.ndarray | None) -> float:
        at = rows.astype(int)
        return metric(y[at], p[at], w) - metric(y[at], q[at], w)

    places, npis = np.arange(len(y), dtype=float), tests["npi"].to_numpy()
    found = bootstrap_intervals({"gain": gain}, y, places, npis, level=0.8, random_state=random_state, weights=weight)
    return found["gain"]
