"""What past tests may change in a model's chances: how far they lie apart, and not how many orders they add up to."""

import numpy as np
import pandas as pd
import pytest

from models_ml.targeting.calibration import Calibration, calibrate, pooled_slope, sigmoid
from models_ml.targeting.model import fit_baseline
from models_ml.targeting.teaching import Training

OVERLAP = 2.0


def _tests(rows: int, truth: list[float], level: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """One day for each true slope: log-odds as a model gives them, and what came of them."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2023-03-31", periods=len(truth), freq="QE")
    given = rng.normal(-3.0, 1.2, (len(truth), rows))
    chance = sigmoid(-3.0 + level + np.array(truth)[:, None] * (given + 3.0))
    y = (rng.random(chance.shape) < chance).astype(float)
    return pd.DataFrame({"snapshot_on": np.repeat(days, rows), "model": given.ravel(), "y": y.ravel(), "weight": 1.0})


@pytest.mark.parametrize("truth", [0.5, 1.5])
def test_a_model_that_is_too_sure_or_too_shy_is_put_right_where_many_orders_say_so(truth: float) -> None:
    assert calibrate(_tests(60_000, [truth] * 8), "model", OVERLAP).slope == pytest.approx(truth, abs=0.1)


def test_the_luck_of_few_orders_does_not_flatten_a_model_without_a_fault() -> None:
    slopes = [calibrate(_tests(500, [1.0] * 8, seed=seed), "model", OVERLAP).slope for seed in range(10)]
    assert np.ptp(slopes) > 0
    assert np.abs(np.array(slopes) - 1).max() < 0.12


@pytest.mark.parametrize("level", [-0.7, 0.7])
def test_a_poor_or_a_lucky_year_of_tests_leaves_the_level_to_the_model(level: float) -> None:
    tests = _tests(4_000, [0.6] * 6, level)
    found = calibrate(tests, "model", OVERLAP)
    assert found.slope < 0.9
    assert sigmoid(found.apply(tests["model"].to_numpy())).mean() == pytest.approx(sigmoid(tests["model"]).mean())


def test_levels_that_differ_between_days_are_not_taken_for_a_slope() -> None:
    level = np.repeat([-0.8, 0.8], 2)
    parts = [_tests(8_000, [1.0], shift, seed).assign(model=lambda rows, m=shift: rows["model"] - m)
             for seed, shift in enumerate(level)]  # fmt: skip
    days = pd.date_range("2023-03-31", periods=4, freq="QE")
    tests = pd.concat([part.assign(snapshot_on=day) for part, day in zip(parts, days, strict=True)])
    assert calibrate(tests, "model", OVERLAP).slope == pytest.approx(1.0, abs=0.05)


def test_days_that_contradict_each_other_count_less() -> None:
    known = np.full(6, 60.0)
    agreed = pooled_slope(np.full(6, 0.6), known, OVERLAP)
    torn = pooled_slope(np.array([0.1, 1.1] * 3), known, OVERLAP)
    assert agreed < torn < 1


def test_days_without_an_order_or_without_a_row_say_nothing() -> None:
    tests = _tests(300, [1.0, 1.0])
    silent = calibrate(tests.assign(y=0.0), "model", OVERLAP)
    assert silent.slope == pytest.approx(1.0, abs=0.05)
    assert np.isfinite(silent.apply(tests["model"].to_numpy())).all()
    assert calibrate(tests[:0], "model", OVERLAP) == Calibration()
    alike = calibrate(tests.assign(model=-3.0), "model", OVERLAP)
    assert alike.apply(np.array([-3.0])) == pytest.approx([-3.0])


def test_the_level_of_trailing_volume_is_that_of_the_newest_year() -> None:
    rng = np.random.default_rng(3)
    days = np.repeat(pd.to_datetime(["2023-06-30", "2024-12-31"]), 5_000)
    rows = pd.DataFrame({"snapshot_on": days, "volume_12m": rng.lognormal(3, 1, 10_000)})
    y = (rng.random(10_000) < np.repeat([0.02, 0.06], 5_000)).astype(float)
    model = fit_baseline(Training(rows, y, np.ones(10_000), np.zeros(10_000, dtype=bool)), "volume_12m")
    newest = y[5_000:].mean()
    assert sigmoid(model.log_odds(rows[5_000:])).mean() == pytest.approx(newest, rel=0.02)


def test_where_nobody_s_volume_was_known_yet_the_baseline_stays_near_the_rate() -> None:
    """A company's claims begin after its first orders: the volumes of later days are no certainty."""
    rows = pd.DataFrame({"snapshot_on": [pd.Timestamp("2024-06-30")] * 300, "volume_12m": np.nan})
    y = np.arange(300) < 15
    model = fit_baseline(Training(rows, y.astype(float), np.ones(300), np.zeros(300, dtype=bool)), "volume_12m")
    later = sigmoid(model.log_odds(pd.DataFrame({"volume_12m": [0.0, 20.0, 400.0]})))
    assert np.all(np.diff(later) > 0)
    assert later == pytest.approx(0.05, abs=0.15)
