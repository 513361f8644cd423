"""Rising and uncalled: uniform p-values without a rise, few false flags and most of the oracle's finds with one."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from models_ml.blind_spots import OUTPUTS, find_rising
from models_ml.blind_spots.tail import combine, rise_p_value
from models_ml.evaluation import benjamini_hochberg

AS_OF = dt.date(2025, 6, 30)
MONTHS = 36
NO_LAGS = pd.DataFrame(columns=["procedure_family", "month", "known_month", "services"])


def _world(seed: int, n: int = 700, rise: float = 1.0, share: float = 0.06, volume: float = 12.0, alpha: float = 0.06):
    """A seasonal, growing market; a share of the providers rises in the newest four months. Returns frames and truth."""
    rng, t = np.random.default_rng(seed), np.arange(MONTHS)
    days = pd.date_range(end="2025-06-01", periods=MONTHS, freq="MS")
    mean = (
        volume * np.exp(rng.normal(0, 0.8, n))[:, None] * (1 + 0.2 * np.sin(2 * np.pi * t / 12)) * np.exp(0.1 * t / 12)
    )
    is_rising = rng.random(n) < share
    risen = np.where(is_rising[:, None] & (t >= MONTHS - 4), rise, 1.0)
    counts = rng.poisson(mean * risen * rng.gamma(1 / alpha, alpha, (n, MONTHS)))
    npis = np.array([f"{1_000_000_000 + k}" for k in range(n)])
    i, j = np.nonzero(counts)
    rows = {"npi": npis[i], "procedure_family": "hip", "is_focus": True, "territory_id": "T"}
    state = rng.choice(["OH", "PA", "NY"], n)
    volume_months = pd.DataFrame({**rows, "state": state[i], "month": days[j], "services": counts[i, j].astype(float)})
    status = pd.DataFrame({"npi": npis, "is_uncalled": True})
    expected = mean[:, -4:].sum(axis=1)
    variance = expected + alpha * (mean[:, -4:] ** 2).sum(axis=1)
    size = expected**2 / (variance - expected)
    oracle = stats.nbinom.sf(counts[:, -4:].sum(axis=1) - 1, size, size / (size + expected))
    truth = pd.DataFrame({"npi": npis, "is_rising": is_rising & (rise > 1), "oracle": benjamini_hochberg(oracle)})
    return volume_months, status, truth


def test_without_a_rise_p_values_are_uniform_and_hardly_anything_is_flagged() -> None:
    p_values, flags = [], 0
    for seed in range(6):
        volume_months, status, _ = _world(seed)
        rising = find_rising(volume_months, NO_LAGS, status, AS_OF)["rising"]
        p_values.append(rising["p_value"].to_numpy())
        flags += int((rising["q_value"] <= 0.1).any())
    p = np.concatenate(p_values)
    for level in (0.01, 0.05, 0.2):
        assert (p <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / len(p))
    assert flags <= 2


def test_false_discoveries_are_few_and_recall_is_near_the_oracle_s() -> None:
    found = false = flagged = oracle = 0
    for seed in range(6):
        volume_months, status, truth = _world(seed, rise=2.0)
        rising = find_rising(volume_months, NO_LAGS, status, AS_OF)["rising"].merge(truth, on="npi")
        flags = rising["q_value"] <= 0.1
        flagged, false = flagged + flags.sum(), false + (flags & ~rising["is_rising"]).sum()
        found += (flags & rising["is_rising"]).sum()
        oracle += ((truth["oracle"] <= 0.1) & truth["is_rising"]).sum()
    assert false <= 0.12 * flagged
    assert found >= 0.8 * oracle


def test_a_market_that_doubles_makes_nobody_a_riser() -> None:
    volume_months, status, _ = _world(0)
    newest = volume_months["month"] >= "2025-02-01"
    volume_months["services"] = volume_months["services"].where(~newest, volume_months["services"] * 2)
    rising = find_rising(volume_months, NO_LAGS, status, AS_OF)["rising"]
    assert (rising["q_value"] <= 0.1).sum() <= 1


def test_only_uncalled_providers_and_focus_families_are_tested() -> None:
    volume_months, status, _ = _world(1, n=200)
    status.loc[:99, "is_uncalled"] = False
    beside = volume_months.assign(procedure_family="other", is_focus=False)
    rising = find_rising(pd.concat([volume_months, beside]), NO_LAGS, status, AS_OF)["rising"]
    assert set(rising["procedure_family"]) == {"hip"}
    assert set(rising["npi"]) <= set(status["npi"][100:])
    assert len(rising) > 80


def test_who_moved_into_the_reach_of_the_claim_lines_does_not_rise() -> None:
    volume_months, status, truth = _world(5, rise=1.0)
    is_mover = volume_months["npi"].isin(truth["npi"][:60])
    seen = volume_months[~is_mover | (volume_months["month"] >= "2024-05-01")]
    unheard = find_rising(seen, NO_LAGS, status, AS_OF)["rising"]
    assert (unheard.loc[unheard["npi"].isin(truth["npi"][:60]), "q_value"] <= 0.1).any()
    rising = find_rising(seen.assign(was_published_before=is_mover), NO_LAGS, status, AS_OF)["rising"]
    assert (rising["q_value"] <= 0.1).sum() == 0


def test_the_evidence_adds_up() -> None:
    volume_months, status, truth = _world(2, rise=3.0)
    rising = find_rising(volume_months, NO_LAGS, status, AS_OF)["rising"].merge(truth, on="npi")
    row = rising[rising["is_rising"]].sort_values("p_value").iloc[0]
    evidence = json.loads(row["evidence"])
    newest = volume_months[(volume_months["npi"] == row["npi"]) & (volume_months["month"] <= pd.Timestamp(AS_OF))]
    window = sorted(volume_months["month"].unique())[-evidence["months"] :]
    assert newest[newest["month"].isin(window)]["services"].sum() == evidence["observed"] == row["observed"]
    assert row["rate_ratio"] == pytest.approx(row["observed"] / row["expected"])
    assert 1.5 < row["rate_ratio"] < 6
    assert 0.8 < evidence["completeness"] <= 1


def test_the_tail_is_that_of_the_beta_binomial() -> None:
    y, n, share, variance = np.array([12.0, 3.0, 0.0]), np.array([40.0, 40.0, 9.0]), np.full(3, 0.2), np.full(3, 0.05)
    concentration = 1 / (0.05 * 0.2 * 0.8)
    law = stats.betabinom(n.astype(int), concentration * 0.2, concentration * 0.8)
    middle = law.sf(y.astype(int) - 1) - law.pmf(y.astype(int)) / 2
    got = rise_p_value(y, n - y, share, variance)
    assert got[:2] == pytest.approx(middle[:2], rel=1e-9)
    assert got[2] == 1
    large = rise_p_value(np.array([260.0]), np.array([940.0]), np.array([0.2]), np.array([0.01]))
    law = stats.betabinom(1200, 125, 500)
    assert large[0] == pytest.approx(law.sf(259) - law.pmf(260) / 2, rel=0.05)


def test_the_combination_asks_only_windows_that_could_answer() -> None:
    assert combine(np.array([[0.02, 0.02, np.nan]]))[0] == pytest.approx(0.02)
    assert np.isnan(combine(np.array([[np.nan, np.nan]]))[0])


def test_empty_frames_later_rows_and_row_order() -> None:
    volume_months, status, _ = _world(3, n=120)
    for frames in ((volume_months[:0], status), (volume_months, status[:0])):
        empty = find_rising(frames[0], NO_LAGS, frames[1], AS_OF)["rising"]
        assert list(empty.columns) == list(OUTPUTS["rising"])
        assert empty.empty
    first = find_rising(volume_months, NO_LAGS, status, AS_OF)["rising"]
    later = volume_months[-200:].assign(month=pd.Timestamp("2025-07-01"), services=999.0)
    shuffled = pd.concat([later, volume_months]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(first, find_rising(shuffled, NO_LAGS, status, AS_OF)["rising"])
