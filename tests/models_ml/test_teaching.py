"""Past days teach what was known of their outcome on the day of learning: whole windows, and of open ones what they have shown."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from models_ml.evaluation import timestamp
from models_ml.targeting.model import base_rate_shift, fit_baseline
from models_ml.targeting.teaching import taught_by, teaching_days

DAY = pd.Timestamp("2025-06-30")
HORIZON = 180


def _snapshots(days: list[str], npis: int = 400) -> pd.DataFrame:
    rows = [
        {"npi": f"{1_000_000_000 + n}", "snapshot_on": pd.Timestamp(day), "weight": 1.0, "volume_12m": 10.0 + n}
        for day in days
        for n in range(npis)
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def orders() -> pd.Series:
    """Of 400 providers eighty order in half a year before the day, and twenty after it."""
    npis = [f"{1_000_000_000 + n}" for n in range(100)]
    return pd.Series(
        [*pd.date_range("2025-01-01", periods=80, freq="54h"), *pd.date_range("2025-07-01", periods=20)], npis
    )


def test_the_newest_days_teach_by_what_their_open_window_has_shown(orders) -> None:
    training = taught_by(_snapshots(["2024-12-31", "2025-03-31"]), orders, DAY, HORIZON, 0)
    seen = training.y[training.is_open]
    assert training.rows.loc[training.is_open, "snapshot_on"].unique() == [pd.Timestamp("2025-03-31")]
    assert seen.sum() == (orders[orders <= DAY] > "2025-03-31").sum() > 20
    assert training.closed.y.sum() == 80
    # An order is seen by two windows, so each counts for half.
    assert training.weight == pytest.approx(91 / 180)


def test_an_order_after_the_day_of_learning_teaches_nothing(orders) -> None:
    snapshots = _snapshots(["2024-12-31", "2025-03-31", "2025-06-30", "2025-09-30"])
    then = taught_by(snapshots[snapshots["snapshot_on"] <= DAY], orders[orders <= DAY], DAY, HORIZON, 0)
    later = taught_by(snapshots, orders, DAY, HORIZON, 0)
    pd.testing.assert_frame_equal(later.rows, then.rows)
    np.testing.assert_array_equal(later.y, then.y)


def test_a_window_that_is_open_says_nothing_of_how_many_order(orders) -> None:
    training = taught_by(_snapshots(["2024-12-31", "2025-03-31"]), orders, DAY, HORIZON, 0)
    still = np.zeros(len(training.y))
    assert 1 / (1 + np.exp(-base_rate_shift(training, still))) == pytest.approx(80 / 400, rel=0.01)
    assert fit_baseline(training, "volume_12m") == fit_baseline(training.closed, "volume_12m")


@pytest.mark.parametrize(
    ("as_of", "horizon", "newest"),
    [
        ("2025-06-30", HORIZON, "2025-03-31"),
        ("2025-07-15", HORIZON, "2025-03-31"),
        ("2025-05-10", HORIZON, "2025-01-31"),
        ("2025-06-30", 365, "2025-03-31"),
    ],
)
def test_days_stand_three_months_apart_up_to_one_that_has_been_open_for_six_weeks(as_of, horizon, newest) -> None:
    months = pd.Series(pd.date_range("2023-01-31", "2025-12-31", freq="ME"))
    days = teaching_days(months, pd.Series([pd.Timestamp("2023-02-01")]), timestamp(as_of).date(), horizon)
    assert days[-1] == pd.Timestamp(newest)
    assert all(80 < (later - day).days < 100 for day, later in pairwise(days))
    assert teaching_days(months, pd.Series([], dtype="datetime64[us]"), timestamp(as_of).date(), horizon) == []
