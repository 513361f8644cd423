"""The forecast against worlds whose truth is known: censoring, coverage, null effects, breaks."""

import numpy as np
import pandas as pd
import pytest

from models_ml.forecasting import forecast, forecast_quarters
from models_ml.forecasting.scores import covered, crps, pinball
from models_ml.forecasting.shocks import SHOCKS, Level
from tests.models_ml.test_forecasting_world import Company, World, futures, grown, quarter_index

QUARTER_START = 1096  # days after which the world has just entered a fiscal quarter
PATHS = 40


def tonight(company: Company) -> dict[str, pd.DataFrame]:
    return forecast_quarters(**company.frames(), as_of=company.as_of(), fiscal_year_start_month=1, horizon_quarters=2)


def two_outcomes(seed: int, chance: float = 0.3, days: int = 240) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Deals of one stage, won after about 30 days or lost after about 120; the true share of wins is `chance`."""
    rng = np.random.default_rng(seed)
    start, count = pd.Timestamp("2024-01-01"), 700
    entered = np.sort(rng.integers(0, days, count))
    won = rng.random(count) < chance
    ended = entered + 1 + np.where(won, rng.gamma(3, 10, count), rng.gamma(3, 40, count)).astype(int)
    closed = ended < days
    ids = np.array([f"D{i:04d}" for i in range(count)])
    day = lambda values: start + pd.to_timedelta(values, unit="D")  # noqa: E731
    deals = pd.DataFrame(
        {
            "opportunity_id": ids, "territory_id": "T", "region": "R", "rep_id": "A", "procedure_family": "hip",
            "created_on": day(entered), "stage": np.where(closed, "End", "Open"), "is_closed": closed,
            "is_won": closed & won, "closed_on": pd.Series(day(ended)).where(closed), "amount_usd": 100.0,
            "stated_probability": 0.5,
        }
    )  # fmt: skip
    first = pd.DataFrame({"opportunity_id": ids, "sequence": 1, "stage": "Open", "stage_order": 1, "is_closed": False,
                          "is_won": False, "entered_at": day(entered), "stated_probability": 0.5, "amount_usd": 100.0})  # fmt: skip
    last = first[closed].assign(sequence=2, stage="End", stage_order=2, is_closed=True, is_won=won[closed],
                                entered_at=day(ended[closed]))  # fmt: skip
    stages = pd.DataFrame({"stage": ["Open", "End"], "stage_order": [1, 2], "is_closed": [False, True],
                           "is_won": [False, True], "stated_probability": [0.5, 1.0]})  # fmt: skip
    return deals, pd.concat([first, last]), stages


def test_open_deals_are_censored() -> None:
    nothing = pd.DataFrame()
    inside = 0
    for seed in range(6):
        deals, history, stages = two_outcomes(seed)
        found = forecast_quarters(deals, history, stages, nothing, nothing, nothing, nothing,
                                  pd.Timestamp("2024-08-27").date(), 1, 2)["calibration"].iloc[0]  # fmt: skip
        assert found["observed_close_rate"] > 0.39
        assert abs(found["calibrated_probability"] - 0.3) < 0.07
        inside += found["lower"] <= 0.3 <= found["upper"]
    assert inside >= 5


def coverages(monkeypatch: pytest.MonkeyPatch, seeds: range, shock: float) -> tuple[float, float]:
    """The share of the world's own futures between P10 and P90: company, territories."""
    monkeypatch.setattr(forecast, "past_origins", lambda *_: [])
    whole, parts = [], []
    for seed in seeds:
        company = grown(World(seed=seed, shock=shock, horizon=QUARTER_START, arrivals=0.8))
        rows = tonight(company)["forecasts"]
        rows = rows[rows["quarter_start"] == rows["quarter_start"].min()].set_index(["level", "subject_id"])
        now = quarter_index(company.day, 1)
        company.shocks.pop(now, None)
        truth = futures(company, 92, PATHS, seed=100 + seed)[:, :, 0]
        whole.append(
            _inside(
                truth.sum(axis=1) + rows.loc[("company", "company"), "closed_usd"], rows.loc[("company", "company")]
            )
        )
        for ground in range(company.world.territories):
            row = rows.loc[("territory", f"T{ground:02d}")]
            parts.append(_inside(truth[:, ground] + row["closed_usd"], row))
    return float(np.mean(whole)), float(np.mean(parts))


def _inside(totals: np.ndarray, row: pd.Series) -> float:
    return float(np.mean((totals >= row["p10"]) & (totals <= row["p90"])))


def test_coverage_under_a_common_shock(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, parts = coverages(monkeypatch, range(8), shock=0.45)
    assert 0.70 <= whole <= 0.92
    assert 0.76 <= parts <= 0.93
    monkeypatch.setattr(Level, "draw", lambda self, paths, quarters, rng: np.zeros((paths, quarters)))
    monkeypatch.setattr("models_ml.forecasting.outlook.fit_local_shock", lambda *_: np.eye(len(SHOCKS))[0])
    alone, _ = coverages(monkeypatch, range(8), shock=0.45)
    assert alone < 0.70
    assert alone < whole - 0.1


def test_better_than_stated_and_stage_average_on_future_quarters() -> None:
    company = grown(World(seed=11, territories=10, arrivals=0.8, horizon=QUARTER_START))
    report = tonight(company)["report"].set_index(["metric", "split"])["value"]
    for metric in ("brier", "log_loss"):
        assert report[metric, "model"] < report[metric, "stage_average"]
        assert report[metric, "model"] < report[metric, "stated_probability"]
    for metric in ("crps", "wape", "coverage_p10_p90", "pinball"):
        assert {(metric, "model@company"), (metric, "model@territory")} <= set(report.index)
    assert report["crps", "model@territory"] < report["crps", "stated_probability@territory"]


def test_a_stage_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stage wins directly with the same rate: calibrated chances are alike though the stated ones climb."""
    monkeypatch.setattr(forecast, "past_origins", lambda *_: [])
    rng = np.random.default_rng(2)
    deals, history, stages = two_outcomes(4, days=700)
    name = dict(zip(deals["opportunity_id"], rng.choice(["A", "B", "C"], len(deals)), strict=True))
    history["stage"] = np.where(history["is_closed"], "End", history["opportunity_id"].map(name))
    deals["stage"] = np.where(deals["is_closed"], "End", deals["opportunity_id"].map(name))
    history["stage_order"] = history["stage"].map({"A": 1, "B": 2, "C": 3, "End": 4})
    stages = pd.DataFrame({"stage": ["A", "B", "C", "End"], "stage_order": [1, 2, 3, 4], "is_closed": [False] * 3 + [True],
                           "is_won": [False] * 3 + [True], "stated_probability": [0.1, 0.5, 0.9, 1.0]})  # fmt: skip
    nothing = pd.DataFrame()
    found = forecast_quarters(deals, history, stages, nothing, nothing, nothing, nothing,
                              pd.Timestamp("2025-11-30").date(), 1, 2)["calibration"]  # fmt: skip
    calibrated = found[found["segment"] == "all"]["calibrated_probability"]
    assert np.ptp(calibrated) < 0.12
    assert abs(calibrated.mean() - 0.3) < 0.07


def test_a_break_in_the_win_rate_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "past_origins", lambda *_: [])
    found = {}
    for to in (1.0, 0.35):
        world = World(
            seed=21, territories=12, arrivals=1.0, shock=0.1, horizon=QUARTER_START, break_at=912, break_to=to
        )
        report = tonight(grown(world))["report"].set_index("metric")
        found[to] = report.loc["win_rate_break"]
    assert found[0.35]["upper"] < 1
    assert found[1.0]["lower"] < 1 < found[1.0]["upper"]


def test_scores_of_money() -> None:
    draws = np.tile(np.arange(1.0, 102.0), (3, 1))
    outcome = np.array([51.0, 1.0, 200.0])
    assert list(covered(outcome, draws)) == [1.0, 0.0, 0.0]
    assert crps(np.array([5.0]), np.array([[7.0]]))[0] == pytest.approx(2.0)
    assert np.argmin(crps(outcome, draws)) == 0
    assert pinball(np.array([5.0]), np.array([[7.0]]))[0] == pytest.approx((0.9 + 0.5 + 0.1) * 2 / 3)
