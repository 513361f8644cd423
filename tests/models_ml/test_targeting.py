"""Scores against a sealed truth, against trailing volume, without a signal, with traps, and with reasons that must be true."""

import json

import numpy as np
import pandas as pd
import pytest

from models_ml.evaluation import lift_top_decile, timestamp, typed_empty
from models_ml.targeting import OUTPUTS, score_adoption
from models_ml.targeting.blend import fit_blend
from models_ml.targeting.calibration import Calibration, sigmoid
from models_ml.targeting.champion import Champion, Fitted, read, written
from models_ml.targeting.design import Design
from models_ml.targeting.features import first_orders_by, main_families, provider_snapshots
from models_ml.targeting.lists import with_lists
from models_ml.targeting.model import fit_logistic
from models_ml.targeting.reasons import taken_back
from models_ml.targeting.teaching import sample, taught_by
from tests.models_ml.adoption_world import AS_OF, DIAGNOSES, HORIZON, simulate

NO_CHAMPION = typed_empty(OUTPUTS)["champion"]
NO_DIAGNOSES = pd.DataFrame(columns=DIAGNOSES)


def _score(months, adoptions, diagnoses=NO_DIAGNOSES, champion=NO_CHAMPION, as_of=AS_OF):
    return score_adoption(months, adoptions, diagnoses, champion, as_of, HORIZON)


def _world(seed: int, **settings):
    world = simulate(seed, **settings)
    return world.months, world.adoptions, world.truth


@pytest.fixture(scope="module")
def world():
    return _world(0)


@pytest.fixture(scope="module")
def result(world):
    return _score(world[0], world[1])


def test_the_ranking_is_near_the_oracle_s_and_above_trailing_volume(world, result) -> None:
    ratios = []
    for seed in (0, 1):
        months, adoptions, truth = world if seed == 0 else _world(seed)
        scores = (result if seed == 0 else _score(months, adoptions))["scores"].drop_duplicates("npi")
        true, given = truth[scores["npi"]].to_numpy(), scores["adoption_probability"].to_numpy()
        volume = months[months["is_current"]].groupby("npi")["volume_12m"].sum()[scores["npi"]].to_numpy()
        assert not scores["is_baseline"].any()
        assert lift_top_decile(true, given) > lift_top_decile(true, volume)
        ratios.append(lift_top_decile(true, given) / lift_top_decile(true, true))
        assert given.mean() == pytest.approx(true.mean(), rel=0.3)
    assert np.mean(ratios) >= 0.85


def test_scores_cover_current_rows_of_providers_without_an_order(world, result) -> None:
    months, adoptions, _ = world
    current = months[months["is_current"] & ~months["npi"].isin(adoptions["npi"])]
    keys = ["npi", "procedure_family"]
    assert (
        result["scores"][keys].astype(object).sort_values(keys).to_numpy().tolist()
        == current[keys].sort_values(keys).to_numpy().tolist()
    )
    assert result["scores"].groupby("npi")["adoption_probability"].nunique().max() == 1


def test_the_report_shows_baselines_on_the_same_rows(result) -> None:
    report = result["report"].set_index(["split", "metric"])
    for metric in (
        "auc",
        "average_precision",
        "lift_top_decile",
        "brier",
        "ece",
        "calibration_slope",
        "calibration_intercept",
    ):
        for split in ("model", "trailing_volume", "specialty_mean"):
            row = report.loc[(split, metric)]
            assert row["lower"] <= row["upper"]
    assert report.loc[("model", "n"), "value"] == report.loc[("trailing_volume", "n"), "value"]
    assert report.loc[("model", "auc"), "value"] > report.loc[("trailing_volume", "auc"), "value"]
    assert any(split.startswith("model@2024-") for split, _ in report.index)
    dropped = [split for split, metric in report.index if metric == "feature_dropped"]
    assert "trials_12m (constant)" in dropped
    assert result["report"]["model_version"].nunique() == 1


def test_taking_a_feature_back_to_its_reference_moves_the_probability_as_stated(world, result) -> None:
    months, _, _ = world
    today = pd.Timestamp(AS_OF)
    rows = provider_snapshots(months, [today], main_families(months[months["is_current"]]), NO_DIAGNOSES)
    now = rows.set_index("npi", drop=False)
    champion = read(result["champion"]["model"].iloc[0]).final
    told = 0
    for scored in result["scores"].drop_duplicates("npi").head(150).itertuples():
        row = now.loc[[scored.npi]]
        published = champion.log_odds(row)[0]
        assert sigmoid(published) == pytest.approx(scored.adoption_probability)
        for reason in json.loads(scored.reasons):
            moved = published - champion.log_odds(taken_back(row, reason["feature"], champion.model.references))[0]
            assert moved == pytest.approx(reason["effect"], abs=1e-3)
            assert ("raises" in reason["text"]) == (moved > 0)
            told += 1
    assert told > 300


def test_what_is_not_on_the_list_of_features_changes_nothing(world, result) -> None:
    months, adoptions, _ = world
    leaking = months.assign(
        own_payments_usd=months["npi"].isin(adoptions["npi"]) * 1e6,
        first_order_on=months["npi"].map(adoptions.set_index("npi")["first_order_on"]),
    )
    again = _score(leaking, adoptions)
    for name in OUTPUTS:
        pd.testing.assert_frame_equal(result[name], again[name])


def test_rows_known_later_and_row_order_change_nothing(world, result) -> None:
    months, adoptions, _ = world
    later = months[months["is_current"]].assign(
        snapshot_on=pd.Timestamp("2025-09-30"), is_current=False, volume_12m=1e6
    )
    ordered_later = pd.DataFrame(
        {"npi": result["scores"]["npi"][:50].astype(object), "first_order_on": pd.Timestamp("2025-07-15")}
    )
    shuffled = pd.concat([later, months]).sample(frac=1, random_state=3)
    again = _score(shuffled, pd.concat([ordered_later, adoptions]))
    for name in OUTPUTS:
        pd.testing.assert_frame_equal(result[name], again[name])


def test_without_a_signal_the_baseline_is_published_and_lift_covers_one() -> None:
    baseline = covered = 0
    for seed in range(3):
        months, adoptions, _ = _world(seed, n=600, signal=0.0, rate=-4.6)
        outcome = _score(months, adoptions)
        lift = outcome["report"].query("metric == 'lift_top_decile' and split == 'model'").iloc[0]
        covered += lift["lower"] <= 1 <= lift["upper"]
        baseline += bool(outcome["scores"]["is_baseline"].all())
    assert baseline >= 2
    assert covered >= 2


@pytest.mark.parametrize("kept", [0, 1, 12])
def test_too_few_orders_publish_volume_and_say_so(world, kept: int) -> None:
    months, adoptions, _ = world
    few = adoptions.sort_values("npi").iloc[:kept]
    scores = _score(months, few)["scores"]
    volume = months[months["is_current"]].groupby("npi")["volume_12m"].sum()
    by_provider = scores.drop_duplicates("npi")
    assert scores["is_baseline"].all()
    assert all("no better than volume" in text for text in scores["reasons"].head(20))
    assert 0 < scores["adoption_probability"].mean() < 0.05
    ranks = pd.Series(volume[by_provider["npi"]].to_numpy()).rank()
    assert np.corrcoef(ranks, by_provider["adoption_probability"].rank())[0, 1] > 0.99
    assert by_provider["adoption_probability"].nunique() > 100


def test_missing_and_infinite_values_are_handled_and_named(world) -> None:
    months, adoptions, _ = world
    broken = months.assign(
        peer_count=np.nan,
        calls_12m=0,
        calls_3m=months["calls_3m"].astype(float).where(months.index % 7 != 0, np.inf),
        volume_3m=months["volume_3m"].where(months.index % 5 != 0),
    ).drop(columns="marketing_touches_12m")
    outcome = _score(broken, adoptions)
    dropped = set(outcome["report"].query("metric == 'feature_dropped'")["split"])
    assert {"peer_count (missing)", "marketing_touches_12m (missing)"} <= dropped
    listed = outcome["report"].query("split == 'todays_list'")
    assert listed["metric"].tolist() == ["not_available"], "neither a list nor a call is known"
    assert outcome["scores"]["adoption_probability"].between(0, 1).all()
    assert all(isinstance(json.loads(text), list) for text in outcome["scores"]["reasons"])


def test_empty_frames(world) -> None:
    months, adoptions, _ = world
    for frames in ((months[:0], adoptions), (months[:0], adoptions[:0]), (months[~months["is_current"]], adoptions)):
        outcome = _score(*frames)
        assert outcome["scores"].empty
        assert [list(outcome[name].columns) for name in OUTPUTS] == [list(types) for types in OUTPUTS.values()]


def test_a_sample_of_the_others_leaves_the_rate_as_it_is(monkeypatch) -> None:
    monkeypatch.setattr("models_ml.targeting.teaching.MOST_ROWS", 2000)
    y = np.random.default_rng(7).random(50_000) < 0.01
    training = sample(pd.DataFrame({"weight": np.ones(50_000)}), y, np.zeros(50_000, dtype=bool), 1.0, 0)
    assert training.y.sum() == y.sum()
    assert len(training.y) < 3000
    assert (training.weight @ training.y) / training.weight.sum() == pytest.approx(y.mean(), rel=0.1)


def test_fitting_is_deterministic(world) -> None:
    months, adoptions, _ = world
    rows = provider_snapshots(months, [pd.Timestamp("2024-12-31")], [])
    training = taught_by(rows, first_orders_by(adoptions, AS_OF), timestamp(AS_OF), HORIZON, 0)
    design = Design().fit(training.rows)
    assert (fit_logistic(training, design).coefficients == fit_logistic(training, design).coefficients).all()


def test_the_model_in_use_scores_where_the_new_one_is_worse_and_the_report_says_so(world, result) -> None:
    months, adoptions, _ = world
    old = months["snapshot_on"] < pd.Timestamp("2024-03-31")
    spoilt = months.astype({"calls_12m": float, "calls_ever": float, "calls_3m": float})
    for column in ("volume_12m", "calls_12m", "calls_ever", "calls_3m", "competitor_lock_in"):
        told = months.loc[old, column].astype(float)
        spoilt.loc[old, column] = np.exp(np.log1p(told.max()) - np.log1p(told)) - 1  # upside down
    champion = result["champion"]
    kept = _score(spoilt, adoptions, champion=champion)
    version = champion["model_version"].iloc[0]
    assert set(kept["scores"]["model_version"]) == {version}
    pd.testing.assert_frame_equal(kept["champion"], champion)
    report = kept["report"].set_index("metric")
    assert report.loc["decision", "split"].startswith(f"{version} stays: adoption-")
    assert report.loc["decision", "split"].endswith("is worse on the newest origins")
    assert report.loc["published", "model_version"] == version
    assert report.loc["log_loss_saved", "upper"] < 0
    pd.testing.assert_series_equal(
        kept["scores"]["adoption_probability"], result["scores"]["adoption_probability"], check_exact=True
    )


def test_a_new_model_that_is_not_worse_goes_live(world, result) -> None:
    months, adoptions, _ = world
    again = _score(months, adoptions, champion=result["champion"])
    pd.testing.assert_frame_equal(again["scores"], result["scores"])
    assert "goes live: not worse" in again["report"].set_index("metric").loc["decision", "split"]


def test_a_champion_that_was_written_down_scores_as_before(world) -> None:
    months, adoptions, _ = world
    rows = provider_snapshots(months, [pd.Timestamp("2024-12-31")], ["hip", "knee"], NO_DIAGNOSES)
    model = fit_blend(taught_by(rows, first_orders_by(adoptions, AS_OF), timestamp(AS_OF), HORIZON, 0), 0.3)
    champion = Fitted(AS_OF, model, Calibration(0.9, 0.1, -3.0))
    again = read(written(Champion("adoption-x", champion))).final
    assert again.fitted_on == AS_OF
    assert (again.log_odds(rows) == champion.log_odds(rows)).all()
    assert np.ptp(champion.log_odds(rows)) > 0.5


def test_a_model_written_down_in_an_earlier_format_is_not_in_use(world, result) -> None:
    months, adoptions, _ = world
    earlier = result["champion"].assign(model=[json.dumps({"format": 1, "version": "adoption-logistic", "fitted": []})])
    decision = _score(months, adoptions, champion=earlier)["report"].set_index("metric").loc["decision", "split"]
    assert decision.endswith("goes live: no earlier model is in use")


def test_a_drug_for_an_indication_is_ranked_by_it_and_not_by_specialty() -> None:
    names = ("Rheumatology", "Dermatology", "Nurse Practitioner")
    pharma = simulate(5, families=("biologic",), specialties=names, indication=3.0, rate=-5.2)
    ours = _score(pharma.months, pharma.adoptions, pharma.diagnoses)
    blind = _score(pharma.months, pharma.adoptions)
    scores = ours["scores"].set_index("npi")["adoption_probability"]
    true = pharma.truth[scores.index].to_numpy()
    without = blind["scores"].set_index("npi")["adoption_probability"][scores.index]
    assert lift_top_decile(true, scores.to_numpy()) > lift_top_decile(true, without.to_numpy())
    assert lift_top_decile(true, scores.to_numpy()) >= 0.85 * lift_top_decile(true, true)
    measured = ours["report"].set_index(["split", "metric"])["value"]
    assert measured["model", "auc"] > measured["specialty_mean", "auc"] + 0.1
    assert ours["scores"]["reasons"].str.contains("% of the claim lines name psoriatic").any()


def test_an_earlier_list_and_the_cycle_plans_are_baselines_on_the_days_that_had_them(world, result) -> None:
    months, adoptions, truth = world
    worst = truth.sort_values().index[:60]
    of_a_night = pd.DataFrame({"npi": worst, "snapshot_on": pd.Timestamp("2024-12-31"), "basis": "list"})
    of_plans = of_a_night.assign(snapshot_on=pd.Timestamp("2024-09-30"), basis="cycle_plan")
    lists = pd.concat([of_plans, of_a_night]).assign(calls_per_quarter=6.0)
    told = score_adoption(months, adoptions, NO_DIAGNOSES, NO_CHAMPION, AS_OF, HORIZON, lists=lists)["report"]
    of_list, of_calls = (
        report[report["split"] == "todays_list"].set_index("metric") for report in (told, result["report"])
    )
    assert of_list.loc["days_by_list", "value"] == 1
    assert of_list.loc["days_by_cycle_plan", "value"] == 1
    assert of_list.loc["days_by_calls", "value"] == of_calls.loc["days_by_calls", "value"] - 2
    assert (of_calls.loc[["days_by_list", "days_by_cycle_plan"], "value"] == 0).all()
    assert of_list.loc["auc", "lower"] <= of_list.loc["auc", "value"] <= of_list.loc["auc", "upper"]
    assert of_calls.loc["auc", "value"] > of_list.loc["auc", "value"]
    assert of_calls.loc["n", "value"] == of_list.loc["n", "value"]


def test_a_list_is_that_of_its_day_and_of_its_providers() -> None:
    rows = pd.DataFrame(
        {"npi": ["1", "2", "1", "2"], "snapshot_on": pd.to_datetime(["2025-03-31"] * 2 + ["2025-06-30"] * 2)}
    )
    rows["calls_12m"] = [8.0, np.nan, 8.0, 12.0]
    lists = pd.DataFrame({"npi": ["2"], "snapshot_on": ["2025-06-30"], "calls_per_quarter": [5]})
    assert with_lists(rows, lists)["listed_calls"].tolist() == [2, 0, 0, 5]
    assert with_lists(rows, None)["listed_calls"].tolist() == [2, 0, 2, 3]
