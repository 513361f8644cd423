"""On which past days a model is trained as if it were that day, and tested on what came after."""

from dataclasses import dataclass

import pandas as pd

from models_ml.evaluation.frames import timestamp


@dataclass(frozen=True)
class Origin:
    """One past day: the snapshots whose outcome was known by then, and the snapshot that is predicted."""

    tested_on: pd.Timestamp
    trained_on: tuple[pd.Timestamp, ...]


def rolling_origins(
    snapshots: pd.Series, as_of: pd.Timestamp, horizon_days: int, step_months: int = 3, least_training: int = 1
) -> list[Origin]:
    """The origins, oldest first.

    1. A snapshot S is a test when its outcome window (S, S + horizon] has closed by `as_of`; tests stand `step_months`
       apart, counted back from the newest, so that neighbouring windows overlap as little as the history allows.
    2. It may be trained on every snapshot whose own window had closed by S: nothing is learnt from a day after S.
    """
    horizon = pd.Timedelta(days=horizon_days)
    days = sorted({timestamp(day) for day in snapshots.dropna().unique()})
    closed = [day for day in days if day + horizon <= as_of]
    tests: list[pd.Timestamp] = []
    for day in reversed(closed):
        if not tests or day <= tests[-1] - pd.DateOffset(months=step_months) + pd.Timedelta(days=3):
            tests.append(day)
    origins = [Origin(day, tuple(past for past in closed if past + horizon <= day)) for day in reversed(tests)]
    return [origin for origin in origins if len(origin.trained_on) >= least_training]
