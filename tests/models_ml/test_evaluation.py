"""Metrics against scikit-learn and known answers, intervals that cover, q-values that hold, frames that keep their types."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from models_ml import evaluation as ev

TYPES = {"npi": "text", "n": "int", "share": "num", "on": "date", "at": "ts", "is_new": "bool", "reasons": "json"}


def _calibrated(n: int, seed: int, rounded: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = np.round(1 / (1 + np.exp(-rng.normal(-1, 1, n))), rounded)
    return (rng.random(n) < p).astype(float), p


def test_ranking_metrics_agree_with_scikit_learn_also_with_ties() -> None:
    y, p = _calibrated(4000, 0, rounded=2)
    assert ev.auc(y, p) == pytest.approx(roc_auc_score(y, p))
    assert ev.average_precision(y, p) == pytest.approx(average_precision_score(y, p))


def test_lift_does_not_depend_on_the_order_of_tied_rows() -> None:
    y, p = np.repeat([1.0, 0.0], [20, 180]), np.full(200, 0.3)
    assert ev.lift_top_decile(y, p) == pytest.approx(1.0)
    assert ev.lift_top_decile(y, np.where(y > 0, 0.9, 0.1)) == pytest.approx(10.0)


def test_a_perfect_forecaster_has_slope_one_and_an_overconfident_one_less() -> None:
    y, p = _calibrated(20_000, 1)
    assert ev.calibration_slope(y, p) == pytest.approx(1, abs=0.06)
    assert ev.calibration_intercept(y, p) == pytest.approx(0, abs=0.06)
    odds = np.log(p / (1 - p))
    assert ev.calibration_slope(y, 1 / (1 + np.exp(-2 * odds))) == pytest.approx(0.5, abs=0.04)
    assert ev.ece(y, p) < 0.02 < ev.ece(y, p**2)


def test_recalibration_without_events_stays_at_its_prior() -> None:
    assert np.isnan(ev.calibration_slope(np.zeros(10), np.full(10, 0.2)))
    slope, intercept = ev.recalibration(np.zeros(10), np.linspace(0.1, 0.3, 10), prior=(1e6, 1e6))
    assert (slope, intercept) == (pytest.approx(1, abs=1e-3), pytest.approx(0, abs=1e-3))


@pytest.mark.parametrize("seed", range(40))
def test_recalibration_finds_the_best_line_however_far_off_the_predictions_are(seed: int) -> None:
    """Also where plain Newton steps jump from side to side: log-odds that spread a lot, few events, a weak prior."""
    rng = np.random.default_rng(seed)
    z = np.clip(rng.normal(rng.choice([-6, 0, 3]), rng.choice([0.1, 1, 5, 20]), 200), -20, 20)
    y, prior = (rng.random(200) < rng.choice([0.02, 0.1, 0.9])).astype(float), (1.0, 1e-3)
    slope, intercept = ev.recalibration(y, 1 / (1 + np.exp(-z)), prior=prior)
    missed = y - 1 / (1 + np.exp(-(slope * z + intercept)))
    uphill = missed @ z - prior[0] * (slope - 1), missed.sum() - prior[1] * intercept
    assert uphill == pytest.approx((0, 0), abs=1e-3)


def test_the_interval_over_clusters_covers_and_is_wider_than_over_rows() -> None:
    covered = 0
    for seed in range(40):
        y, p = _calibrated(300, seed)
        _, lower, upper = ev.bootstrap_interval(ev.brier, y, p, draws=100)
        covered += lower <= np.mean(p * (1 - p)) <= upper
    assert covered >= 32
    y, p = _calibrated(300, 0)
    rows = ev.bootstrap_interval(ev.auc, np.repeat(y, 5), np.repeat(p, 5))
    clusters = ev.bootstrap_interval(ev.auc, np.repeat(y, 5), np.repeat(p, 5), clusters=np.repeat(np.arange(300), 5))
    assert clusters[2] - clusters[1] > 1.5 * (rows[2] - rows[1])


def test_benjamini_hochberg_on_the_paper_s_terms() -> None:
    assert ev.benjamini_hochberg(np.array([0.01, 0.04, np.nan, 0.03])) == pytest.approx(
        [0.03, 0.04, np.nan, 0.04], nan_ok=True
    )
    rng, shares = np.random.default_rng(0), []
    for _ in range(200):
        null = rng.random(450)
        p = np.concatenate([null, rng.random(50) * 1e-3])
        flagged = ev.benjamini_hochberg(p) <= 0.1
        shares.append(flagged[:450].sum() / max(flagged.sum(), 1))
    assert np.mean(shares) <= 0.1
    assert len(ev.benjamini_hochberg(np.array([]))) == 0


def test_an_origin_learns_only_from_windows_closed_by_then() -> None:
    days = pd.Series(pd.date_range("2022-01-31", periods=36, freq="ME"))
    as_of, horizon = pd.Timestamp("2025-01-15"), pd.Timedelta(days=180)
    origins = ev.rolling_origins(days, as_of, 180)
    assert origins[-1].tested_on == pd.Timestamp("2024-06-30")
    for origin in origins:
        assert origin.tested_on + horizon <= as_of
        assert max(origin.trained_on) + horizon <= origin.tested_on
    assert ev.rolling_origins(days[:0], as_of, 180) == []


def test_frames_keep_their_types_with_and_without_rows() -> None:
    full = pd.DataFrame(
        {"npi": ["1"], "n": [1], "share": [Decimal("0.5")], "on": [dt.date(2024, 2, 29)], "at": ["2024-02-29T10:00"]}
    ).assign(is_new=[None], reasons=["[]"], leak=[9])
    empty, filled = ev.typed_empty({"t": TYPES})["t"], ev.conform(full, TYPES)
    assert list(empty.columns) == list(filled.columns) == list(TYPES)
    assert (empty.dtypes == filled.dtypes).all()
    assert filled["on"][0] == dt.date(2024, 2, 29)
    with pytest.raises(KeyError, match="share"):
        ev.conform(full.drop(columns="share"), TYPES)


def test_lenient_reading_turns_what_is_no_number_or_date_into_nothing() -> None:
    numbers = ev.as_numbers(pd.Series([Decimal("1.5"), None, np.inf, "x"], dtype=object))
    assert numbers.tolist()[0] == 1.5
    assert numbers.isna().tolist() == [False, True, True, True]
    assert ev.as_dates(pd.Series([dt.date(2024, 1, 1), None])).isna().tolist() == [False, True]
