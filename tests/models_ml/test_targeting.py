"""Scores against a sealed truth, against trailing volume, without a signal, with traps, and with reasons that must be true."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from models_ml.evaluation import lift_top_decile, typed_empty
from models_ml.targeting import OUTPUTS, score_adoption
from models_ml.targeting.champion import read
from models_ml.targeting.features import first_orders_by, label, main_families, provider_snapshots
from models_ml.targeting.model import fit_logistic, sample
from models_ml.targeting.origins import sigmoid
from models_ml.targeting.reasons import taken_back

AS_OF, HORIZON = dt.date(2025, 6, 30), 180
FAMILIES = ("hip", "knee")
NO_CHAMPION = typed_empty(OUTPUTS)["champion"]
NO_DIAGNOSES = pd.DataFrame(columns=["npi", "snapshot_on", "diagnosis_family", "lines_24m", "lines_of_any_24m"])


def _score(months, adoptions, diagnoses=NO_DIAGNOSES, champion=NO_CHAMPION, as_of=AS_OF):
    return score_adoption(months, adoptions, diagnoses, champion, as_of, HORIZON)


def _world(seed: int, n: int = 900, months: int = 36, signal: float = 1.0, rate: float = -5.8):
    """Monthly hazards that depend on volume, calls, lock-in, contracts and specialty; orders are recorded for 30 months."""
    rng = np.random.default_rng(seed)
    days = pd.date_range(end=AS_OF, periods=months, freq="ME")
    npis = np.array([f"{1_000_000_000 + k}" for k in range(n)])
    specialty = rng.choice(["Ortho", "Hand", "Spine"], n, p=[0.6, 0.25, 0.15])
    liked = pd.Series({"Ortho": 0.4, "Hand": -0.6, "Spine": 0.0})[specialty].to_numpy()
    level = {family: np.where(rng.random(n) < 0.7, np.exp(rng.normal(3.5, 1, n)), 0) for family in FAMILIES}
    lock_in = np.clip(rng.exponential(0.4, n) * (rng.random(n) < 0.4), 0, 1)
    habit, ends = np.exp(rng.normal(-1.5, 1, n)), np.where(rng.random(n) < 0.5, rng.integers(0, 900, n), np.nan)
    calls, first, frames, hazard = rng.poisson(habit[:, None], (n, months)), pd.Series(pd.NaT, range(n)), [], None
    for month, day in enumerate(days):
        volume = {family: rng.poisson(mean).astype(float) for family, mean in level.items()}
        total, calls_12m = sum(volume.values()), calls[:, max(0, month - 11) : month + 1].sum(axis=1)
        left = np.where(ends - 30.4 * month >= 0, ends - 30.4 * month, np.nan)
        near = np.nan_to_num(np.clip(1 - left / 365, 0, 1))
        effect = 0.6 * (np.log1p(total) - 3.5) + 0.7 * np.log1p(calls_12m) - 1.2 * lock_in + near + liked
        hazard = sigmoid(rate + signal * effect)
        common = {
            "snapshot_on": day, "is_current": day == pd.Timestamp(AS_OF), "territory_id": "T", "state": "OH",
            "specialty": specialty, "months_since_enumerated": 200, "is_new_to_family": False, "competitor_lock_in": lock_in,
            "competitor_payments_36m_usd": 900 * lock_in, "competitor_payments_12m_usd": 300 * lock_in,
            "facility_count": rng.poisson(1, n), "has_competitor_contract": ~np.isnan(left), "has_own_contract": False,
            "days_to_competitor_contract_end": left, "calls_3m": calls[:, max(0, month - 2) : month + 1].sum(axis=1),
            "calls_12m": calls_12m, "calls_ever": calls[:, : month + 1].sum(axis=1), "trials_12m": 0,
            "marketing_responses_12m": 0, "marketing_touches_12m": rng.poisson(1, n), "peer_count": rng.poisson(4, n),
            "peers_adopted": 0, "facility_adopters": 0, "own_payments_usd": rng.exponential(100, n),
        }  # fmt: skip
        for family in FAMILIES:
            own = {name: volume[family] * part for name, part in (("volume_12m", 1.0), ("prior_volume_12m", 1.0))}
            quarters = {
                "volume_3m": rng.poisson(level[family] / 4),
                "volume_3m_year_ago": rng.poisson(level[family] / 4),
            }
            own |= {name: values.astype(float) for name, values in quarters.items()}
            own |= {
                "active_months_12m": np.minimum(volume[family], 12),
                "other_family_volume_12m": total - volume[family],
            }
            frames.append(pd.DataFrame({"npi": npis, "procedure_family": family, **common, **own})[level[family] > 0])
        if month >= months - 30:
            ordered = first.isna().to_numpy() & (rng.random(n) < hazard) & (sum(level.values()) > 0)
            first[ordered] = day + pd.to_timedelta(rng.integers(1, 29, ordered.sum()), unit="D")
    adoptions = pd.DataFrame({"npi": npis, "first_order_on": first}).dropna()
    truth = pd.Series(1 - (1 - hazard) ** 6, index=npis)
    return pd.concat(frames, ignore_index=True), adoptions[adoptions["first_order_on"] <= pd.Timestamp(AS_OF)], truth


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
    champion = read(result["champion"]["model"].iloc[0])
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
        calls_3m=months["calls_3m"].astype(float).where(months.index % 7 != 0, np.inf),
        volume_3m=months["volume_3m"].where(months.index % 5 != 0),
    ).drop(columns="marketing_touches_12m")
    outcome = _score(broken, adoptions)
    dropped = set(outcome["report"].query("metric == 'feature_dropped'")["split"])
    assert {"peer_count (missing)", "marketing_touches_12m (missing)"} <= dropped
    assert outcome["scores"]["adoption_probability"].between(0, 1).all()
    assert all(isinstance(json.loads(text), list) for text in outcome["scores"]["reasons"])


def test_empty_frames(world) -> None:
    months, adoptions, _ = world
    for frames in ((months[:0], adoptions), (months[:0], adoptions[:0]), (months[~months["is_current"]], adoptions)):
        outcome = _score(*frames)
        assert outcome["scores"].empty
        assert [list(outcome[name].columns) for name in OUTPUTS] == [list(types) for types in OUTPUTS.values()]


def test_a_sample_of_the_others_leaves_the_rate_as_it_is(monkeypatch) -> None:
    monkeypatch.setattr("models_ml.targeting.model.MOST_ROWS", 2000)
    y = np.random.default_rng(7).random(50_000) < 0.01
    training = sample(pd.DataFrame({"weight": np.ones(50_000)}), y, 1.0, 0)
    assert training.y.sum() == y.sum()
    assert len(training.y) < 3000
    assert (training.weight @ training.y) / training.weight.sum() == pytest.approx(y.mean(), rel=0.1)


def test_fitting_is_deterministic(world) -> None:
    months, adoptions, _ = world
    rows = provider_snapshots(months, [pd.Timestamp("2024-12-31")], [])
    at_risk, events = label(rows, first_orders_by(adoptions, AS_OF), HORIZON)
    training = sample(rows[at_risk], events[at_risk], 2.0, 0)
    assert (fit_logistic(training).coefficients == fit_logistic(training).coefficients).all()
