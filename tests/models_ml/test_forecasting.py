"""The forecast's promises to its readers: frames, sums, known-then, dirt, and reasons that are true."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from models_ml.forecasting import OUTPUTS, forecast_quarters
from tests.models_ml.test_forecasting_world import Company, World, grown

KEYS = {
    "calibration": ["stage", "segment"],
    "opportunity_forecasts": ["opportunity_id"],
    "forecasts": ["level", "subject_id", "quarter_start"],
    "report": ["model_version", "metric", "split"],
}


def run(
    frames: dict[str, pd.DataFrame], as_of: dt.date, first_month: int = 1, horizon: int = 2
) -> dict[str, pd.DataFrame]:
    return forecast_quarters(**frames, as_of=as_of, fiscal_year_start_month=first_month, horizon_quarters=horizon)


@pytest.fixture(scope="module")
def company() -> Company:
    return grown(World(seed=3, horizon=1050))


@pytest.fixture(scope="module")
def full(company: Company) -> dict[str, pd.DataFrame]:
    frames = company.frames()
    frames["deals"]["amount_usd"] = frames["deals"]["amount_usd"].round(2)
    return frames | orders_and_promises()


def orders_and_promises() -> dict[str, pd.DataFrame]:
    months = pd.date_range("2022-01-01", "2024-11-01", freq="MS")
    rng = np.random.default_rng(0)
    orders = pd.DataFrame(
        [
            (f"T{t:02d}", f"R{t:02d}", "hip", m, 10.0, 5000.0 * rng.gamma(10, 0.1), True)
            for t in range(8)
            for m in months
        ],
        columns=[
            "territory_id",
            "rep_id",
            "procedure_family",
            "month",
            "quantity",
            "amount_usd",
            "is_existing_customer",
        ],
    )
    quarter = pd.Timestamp("2024-10-01")
    commits = pd.DataFrame(
        [
            ("R00", quarter, pd.Timestamp("2024-09-20"), "Commit", 1.0),
            ("R00", quarter, pd.Timestamp("2024-10-02"), "BestCase", 2.0),
            ("R00", quarter, pd.Timestamp("2024-10-05"), "Commit", 300.0),
            ("R00", quarter, pd.Timestamp("2024-11-01"), "Commit", 400.0),
            ("R01", quarter, pd.Timestamp("2024-10-01"), "Commit", 500.0),
        ],
        columns=["rep_id", "quarter_start", "submitted_on", "category", "amount_usd"],
    )
    quotas = pd.DataFrame(
        [(f"R{t:02d}", quarter, 100000.0) for t in range(8)], columns=["rep_id", "quarter_start", "quota_usd"]
    )
    return {"order_months": orders, "commits": commits, "quotas": quotas}


@pytest.fixture(scope="module")
def result(company: Company, full: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return run(full, company.as_of())


def test_frames_are_typed_and_keyed(result: dict[str, pd.DataFrame]) -> None:
    for table, types in OUTPUTS.items():
        assert list(result[table].columns) == list(types)
        assert not result[table].duplicated(KEYS[table]).any(), table


def test_empty_frames_give_typed_empty_frames(company: Company, result: dict[str, pd.DataFrame]) -> None:
    nothing = run({name: frame.iloc[:0] for name, frame in company.frames().items()}, company.as_of())
    for table, frame in nothing.items():
        assert len(frame) == 0
        assert (frame.dtypes == result[table].dtypes).all()


def test_levels_add_up(result: dict[str, pd.DataFrame]) -> None:
    sums = result["forecasts"].groupby(["quarter_start", "level"])[["expected_usd", "closed_usd"]].sum()
    for _, by_level in sums.groupby("quarter_start"):
        assert np.ptp(by_level["expected_usd"]) < 0.01
        assert np.ptp(by_level["closed_usd"]) < 0.01


def test_quantiles_hold_what_is_closed(result: dict[str, pd.DataFrame]) -> None:
    rows = result["forecasts"]
    assert (rows["closed_usd"] <= rows["p10"] + 0.01).all()
    assert (rows["p10"] <= rows["p50"]).all()
    assert (rows["p50"] <= rows["p90"]).all()


def test_closed_money_is_won_money_by_close_date(
    full: dict[str, pd.DataFrame], result: dict[str, pd.DataFrame]
) -> None:
    deals = full["deals"]
    won = deals[deals["is_won"] & (deals["closed_on"] >= "2024-10-01") & (deals["closed_on"] < "2025-01-01")]
    row = result["forecasts"].query("level == 'company'").iloc[0]
    assert row["closed_usd"] == pytest.approx(won["amount_usd"].sum())


def test_commits_and_quotas(result: dict[str, pd.DataFrame]) -> None:
    rows = result["forecasts"].set_index(["level", "subject_id", "quarter_start"]).sort_index()
    now, later = dt.date(2024, 10, 1), dt.date(2025, 1, 1)
    assert rows.loc[("rep", "R00", now), "commit_usd"] == 300.0
    assert rows.loc[("company", "company", now), "commit_usd"] == 800.0
    assert rows.loc[("territory", "T01", now), "commit_usd"] == 500.0
    assert np.isnan(rows.loc[("rep", "R02", now), "commit_usd"])
    assert rows.loc[("company", "company", now), "quota_usd"] == 800000.0
    assert 0 <= rows.loc[("company", "company", now), "quota_probability"] <= 1
    assert np.isnan(rows.loc[("company", "company", later), "quota_probability"])


def test_units_and_run_rate(result: dict[str, pd.DataFrame]) -> None:
    row = result["forecasts"].query("level == 'company'").iloc[1]
    assert row["units_p50"] == pytest.approx(row["p50"] / 500, rel=0.1)
    assert row["order_run_rate_p10"] < 8 * 3 * 5000 < row["order_run_rate_p90"]


def test_same_input_same_answer_whatever_the_order(
    company: Company, full: dict[str, pd.DataFrame], result: dict
) -> None:
    shuffled = {name: frame.sample(frac=1, random_state=1) for name, frame in full.items()}
    again = run(shuffled, company.as_of())
    for table in OUTPUTS:
        pd.testing.assert_frame_equal(again[table], result[table])


def test_rows_after_as_of_change_nothing(company: Company, full: dict[str, pd.DataFrame], result: dict) -> None:
    later = pd.Timestamp(company.as_of()) + pd.Timedelta(days=1)
    open_id = full["deals"].loc[~full["deals"]["is_closed"], "opportunity_id"].iloc[0]
    future = {"entered_at": later, "stage": "Won", "is_closed": True, "is_won": True, "sequence": 99}
    row = full["deal_stages"][full["deal_stages"]["opportunity_id"] == open_id].iloc[[-1]].assign(**future)
    deal = full["deals"].iloc[[0]].assign(opportunity_id="ZZ", created_on=later, is_closed=False, is_won=False)
    commit = full["commits"].iloc[[-1]].assign(rep_id="R05", submitted_on=later)
    order = full["order_months"].iloc[[-1]].assign(month=pd.Timestamp("2025-06-01"))
    replay = {
        name: pd.concat([full[name], extra])
        for name, extra in {"deal_stages": row, "deals": deal, "commits": commit, "order_months": order}.items()
    }
    again = run(full | replay, company.as_of())
    for table in OUTPUTS:
        pd.testing.assert_frame_equal(again[table], result[table])


@pytest.mark.parametrize(
    ("first_month", "start"), [(2, dt.date(2024, 11, 1)), (4, dt.date(2024, 10, 1)), (12, dt.date(2024, 9, 1))]
)
def test_fiscal_years_of_other_months(first_month: int, start: dt.date) -> None:
    small = grown(World(seed=5, territories=2, horizon=1050))
    quarters = sorted(set(run(small.frames(), small.as_of(), first_month, 3)["forecasts"]["quarter_start"]))
    assert quarters[0] == start
    assert len(quarters) == 3


def test_dirt_is_bounded_counted_and_listed(company: Company, full: dict[str, pd.DataFrame], result: dict) -> None:
    deals = full["deals"].copy()
    live, done = deals.index[~deals["is_closed"]], deals.index[deals["is_closed"]]
    deals.loc[live[0], "amount_usd"] = 0.0
    deals.loc[live[1], "amount_usd"] = 1e9
    deals.loc[live[2], "rep_id"] = None
    deals.loc[live[3], ["territory_id", "region"]] = None
    deals.loc[live[4], "stage"] = "Unheard of"
    deals.loc[done[0], "closed_on"] = pd.Timestamp("2020-01-01")
    dirty = run(full | {"deals": deals}, company.as_of())
    counted = dirty["report"].query("metric == 'excluded_deals'").set_index("split")["value"]
    for reason in (
        "amount_not_positive",
        "amount_extreme",
        "without_rep",
        "without_territory",
        "closed_before_created",
    ):
        assert counted[reason] == 1, reason
    rows = dirty["forecasts"].set_index(["level", "subject_id"])
    assert {("territory", "unassigned"), ("rep", "unassigned"), ("region", "unassigned")} <= set(rows.index)
    ours, theirs = (r["forecasts"].query("level == 'company'")["p90"].iloc[-1] for r in (dirty, result))
    assert ours < 3 * theirs
    test_levels_add_up(dirty)


def test_open_deals_have_chances_and_true_reasons(
    company: Company, full: dict[str, pd.DataFrame], result: dict
) -> None:
    rows = result["opportunity_forecasts"]
    live = full["deals"].loc[~full["deals"]["is_closed"], "opportunity_id"]
    assert set(rows["opportunity_id"]) == set(live)
    assert rows["win_probability"].between(0, 1).all()
    assert (rows["close_this_quarter_probability"] <= rows["win_probability"] + 1e-12).all()
    assert (pd.to_datetime(rows["expected_close_on"]) > pd.Timestamp(company.as_of())).all()
    reasons = rows["reasons"].map(json.loads)
    assert all({"feature", "value", "effect"} == set(reason) for listed in reasons for reason in listed)
    effects = [reason["effect"] for listed in reasons for reason in listed if reason["feature"] == "stage"]
    assert min(effects) >= 0


def test_few_deals_fall_back_to_the_stated_probabilities(company: Company, full: dict[str, pd.DataFrame]) -> None:
    live = full["deals"][~full["deals"]["is_closed"]]
    recent = live[live["created_on"] >= live["created_on"].max() - pd.Timedelta(days=30)]
    history = full["deal_stages"][full["deal_stages"]["opportunity_id"].isin(recent["opportunity_id"])]
    history = history.groupby("opportunity_id").head(1)
    young = run(full | {"deals": recent.assign(stage="S0"), "deal_stages": history}, company.as_of())
    calibrated = young["calibration"].query("segment == 'all'").set_index("stage")
    stated = calibrated.index.map(full["stages"].set_index("stage")["stated_probability"])
    assert np.abs(calibrated["calibrated_probability"] - stated).max() < 0.15
    assert (calibrated["upper"] - calibrated["lower"]).min() > 0.15
    assert young["opportunity_forecasts"]["reasons"].str.contains("stated probabilities weigh").all()
