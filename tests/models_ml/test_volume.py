"""Completion by lag, direction against the market, and a world without change, all with known answers."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from models_ml.volume import OUTPUTS, estimate_trends
from models_ml.volume.completion import completeness, development
from models_ml.volume.noise import estimate_noise
from models_ml.volume.panel import build_panels
from models_ml.volume.shrinkage import mixture_weights, posterior

AS_OF = dt.date(2025, 6, 30)
DELAY = np.array([0.35, 0.35, 0.15, 0.1, 0.05])
SETTINGS = {"lag_days_claim_lines": 30}
NO_YEARS = pd.DataFrame(columns=["npi", "procedure_family", "is_focus", "year", "services", "state", "territory_id"])


def _world(
    seed: int, trend: np.ndarray, months: int = 36, volume: float = 15.0, alpha: float = 0.06, end: str = "2025-06-01"
):
    """A market with season, growth and run-out; `trend` is each provider's own log growth a year."""
    rng, n, t = np.random.default_rng(seed), len(trend), np.arange(months)
    days = pd.date_range(end=end, periods=months, freq="MS")
    season = (1 + 0.2 * np.sin(2 * np.pi * t / 12)) * np.exp(0.08 * t / 12)
    mean = volume * np.exp(rng.normal(0, 0.8, n))[:, None] * season * np.exp(trend[:, None] * (t - months) / 12)
    left = rng.poisson(mean * rng.gamma(1 / alpha, alpha, (n, months)))
    known, lags, rest = np.zeros_like(left), [], 1.0
    for lag, share in enumerate(DELAY):
        part = rng.binomial(left, min(share / rest, 1.0))
        left, rest = left - part, max(rest - share, 1e-9)
        known += np.where(t + lag < months, part, 0)
        lags.append(
            pd.DataFrame({"month": days, "known_month": days + pd.DateOffset(months=lag), "services": part.sum(axis=0)})
        )
    i, j = np.nonzero(known)
    npis = np.array([f"{1_000_000_000 + k}" for k in range(n)])
    rows = {"npi": npis[i], "procedure_family": "hip", "is_focus": True, "territory_id": "T", "state": "OH"}
    volume_months = pd.DataFrame({**rows, "month": days[j], "services": known[i, j].astype(float)})
    return volume_months, pd.concat(lags).assign(procedure_family="hip"), npis


def test_completion_finds_the_run_out_and_ends_with_the_last_whole_month() -> None:
    volume_months, lags, _ = _world(0, np.zeros(400))
    panel = build_panels(volume_months, lags, AS_OF)[0]
    assert panel.months[-1] == pd.Timestamp("2025-05-01")
    assert panel.complete[-5:] == pytest.approx([1, 1, 0.95, 0.85, 0.7], abs=0.03)


def test_a_history_in_one_piece_tells_no_run_out_but_the_market_does() -> None:
    months = pd.date_range("2023-01-01", periods=24, freq="MS")
    lags = pd.DataFrame({"procedure_family": "hip", "month": months, "known_month": months[-1], "services": 100.0})
    curves = development(lags, dt.date(2024, 12, 31))
    market = np.append(np.full(22, 100.0), [60.0, 10.0])
    share = completeness(curves.get("hip"), months, market, dt.date(2024, 12, 31))
    assert curves == {}
    assert share[-3:] == pytest.approx([1.0, 0.6, 0.1], abs=0.01)


def test_noise_is_estimated_and_no_provider_s_own_is_invented() -> None:
    panel = build_panels(*_world(1, np.zeros(800))[:2], AS_OF)[0]
    noise = estimate_noise(panel.counts)
    assert noise.alpha == pytest.approx(0.06, abs=0.01)
    assert noise.phi == pytest.approx(1, abs=0.1)
    assert estimate_noise(panel.counts * 10).phi == pytest.approx(10, rel=0.1)
    assert noise.own.std() < 0.02


def test_nobody_gains_or_loses_in_a_world_without_change() -> None:
    flagged = tested = 0
    for seed in range(4):
        volume_months, lags, _ = _world(seed, np.zeros(500))
        trends = estimate_trends(volume_months, NO_YEARS, lags, AS_OF, SETTINGS)["trends"]
        flagged += trends["direction"].isin(["gaining", "losing"]).sum()
        tested += len(trends)
    assert flagged <= 0.002 * tested


def test_true_growth_is_found_and_most_of_what_is_found_is_true() -> None:
    trend = np.repeat([0.0, 0.5, -0.5], [700, 100, 100])
    volume_months, lags, npis = _world(5, trend, volume=30)
    result = estimate_trends(volume_months, NO_YEARS, lags, AS_OF, pd.DataFrame([SETTINGS]))
    trends = result["trends"].set_index("npi").loc[npis]
    gaining, losing = (trends["direction"] == way for way in ("gaining", "losing"))
    false = (gaining & (trend <= 0)) | (losing & (trend >= 0))
    assert false.sum() <= 0.1 * (gaining | losing).sum()
    assert gaining[trend > 0].mean() > 0.5
    assert losing[trend < 0].mean() > 0.5
    inside = (trends["lower"] <= np.expm1(trend) + 0.01) & (trends["upper"] >= np.expm1(trend) - 0.01)
    assert inside.mean() > 0.9
    providers = result["provider_trends"].set_index("npi").loc[npis]
    assert (providers["volume_direction"] == trends["direction"]).mean() > 0.98


def _moved_into_reach(
    volume_months: pd.DataFrame, movers: np.ndarray, from_month: str, published: bool
) -> pd.DataFrame:
    """The claim lines hold of the movers only what they did from that month on."""
    unseen = volume_months["npi"].isin(movers) & (volume_months["month"] < from_month)
    return volume_months[~unseen].assign(was_published_before=volume_months["npi"].isin(movers) & published)


@pytest.mark.parametrize("from_month", ["2023-10-01", "2024-08-01"])
def test_a_mover_s_volume_is_not_growth(from_month: str) -> None:
    volume_months, lags, npis = _world(6, np.zeros(400), volume=20)
    movers = npis[:40]
    seen = _moved_into_reach(volume_months, movers, from_month, published=True)
    years = _years(3, np.zeros(400)).assign(npi=lambda rows: npis[rows["npi"].astype(int)])
    result = estimate_trends(seen, years, lags, AS_OF, SETTINGS)
    for table, direction in (("trends", "direction"), ("provider_trends", "volume_direction")):
        found = result[table].set_index("npi").loc[movers, direction]
        assert not found.isin(["gaining", "losing"]).any()
        assert (found == "steady").mean() > 0.5, "their published years are still compared"
    # Were the published years not heard, a mover of the older months would read as a grower.
    if from_month < "2024-06-01":
        unheard = estimate_trends(seen.drop(columns="was_published_before"), NO_YEARS, lags, AS_OF, SETTINGS)["trends"]
        assert (unheard.set_index("npi").loc[movers, "direction"] == "gaining").any()


def test_a_move_to_another_state_is_neither_growth_nor_loss_for_anybody() -> None:
    volume_months, lags, npis = _world(7, np.zeros(400), volume=20)
    home = np.where(np.arange(400) < 200, "OH", "PA")
    later = np.where(np.arange(400) < 20, "PA", home)
    place = pd.Index(npis).get_indexer(volume_months["npi"])
    state = np.where(volume_months["month"] < "2024-07-01", home[place], later[place])
    trends = estimate_trends(volume_months.assign(state=state), NO_YEARS, lags, AS_OF, SETTINGS)["trends"]
    assert trends["direction"].isin(["gaining", "losing"]).sum() == 0


def test_who_did_nothing_before_is_new_and_has_no_rate_of_growth() -> None:
    volume_months, lags, npis = _world(8, np.zeros(300), volume=20)
    seen = _moved_into_reach(volume_months, npis[:10], "2024-08-01", published=False)
    result = estimate_trends(seen, NO_YEARS, lags, AS_OF, SETTINGS)
    names = {"trends": ("growth", "direction"), "provider_trends": ("volume_trend", "volume_direction")}
    for table, (growth, direction) in names.items():
        found = result[table].set_index("npi").loc[npis[:10]]
        assert found[growth].isna().all()
        assert (found[direction] == "unknown").all()


def test_below_twelve_procedures_a_year_nothing_is_said() -> None:
    volume_months, lags, npis = _world(2, np.zeros(200))
    tiny = volume_months[volume_months["npi"] == npis[0]].iloc[-13:].assign(npi="1999999999", services=0.5)
    trends = estimate_trends(pd.concat([volume_months, tiny]), NO_YEARS, lags, AS_OF, SETTINGS)["trends"]
    assert trends.set_index("npi").loc["1999999999", "direction"] == "unknown"


def _years(seed: int, trend: np.ndarray) -> pd.DataFrame:
    rng, n = np.random.default_rng(seed), len(trend)
    level, parts = 150 * np.exp(rng.normal(0, 1, n)), []
    for year in range(3):
        services = rng.poisson(level * np.exp(trend * year) * rng.gamma(200, 1 / 200, n))
        part = pd.DataFrame({"npi": np.arange(n).astype(str), "year": 2020 + year, "services": services.astype(float)})
        parts.append(part[services >= 11])
    return pd.concat(parts).assign(procedure_family="hip", is_focus=True, state="OH", territory_id="T")


def test_public_years_are_compared_only_where_both_are_published() -> None:
    trend = np.repeat([0.0, 0.6], [500, 60])
    years = _years(0, trend)
    years = years[~((years["npi"] == "7") & (years["year"] == 2022))]
    empty = _world(0, np.zeros(1))[0].iloc[:0], _world(0, np.zeros(1))[1].iloc[:0]
    trends = estimate_trends(empty[0], years, empty[1], AS_OF, SETTINGS)["trends"].set_index("npi")
    assert trends.loc["7", "direction"] == "unknown"
    assert np.isnan(trends.loc["7", "growth"])
    gaining = trends["direction"] == "gaining"
    is_true = trend[trends.index.astype(int)] > 0
    assert (gaining & ~is_true).sum() <= 0.1 * gaining.sum()
    assert gaining[is_true].mean() > 0.3


@pytest.mark.parametrize("families", [["hip"], ["hip", "knee"]])
def test_a_family_of_which_one_year_is_published_is_unknown(families: list[str]) -> None:
    years = _years(0, np.zeros(60)).assign(procedure_family="knee")
    one_year = _years(1, np.zeros(60)).query("year == 2022")
    years = pd.concat([one_year, years])[lambda rows: rows["procedure_family"].isin(families)]
    empty = _world(0, np.zeros(1))[0].iloc[:0], _world(0, np.zeros(1))[1].iloc[:0]
    trends = estimate_trends(empty[0], years, empty[1], AS_OF, SETTINGS)["trends"]
    hip = trends[trends["procedure_family"] == "hip"]
    assert len(hip) == len(one_year)
    assert hip["growth"].isna().all()
    assert (hip["direction"] == "unknown").all()


def test_shrinkage_gives_its_weight_to_little_spread_when_there_is_none() -> None:
    rng = np.random.default_rng(0)
    variances = rng.uniform(0.01, 0.1, 2000)
    weights = mixture_weights(rng.normal(0, np.sqrt(variances)), variances)
    assert weights[:3].sum() > 0.9
    mean, lower, upper = posterior(np.array([0.3]), np.array([0.02]), np.eye(10)[5])
    precise = 0.25**2 / (0.25**2 + 0.02)
    assert mean[0] == pytest.approx(0.3 * precise)
    assert upper[0] - lower[0] == pytest.approx(2 * 1.96 * np.sqrt(0.02 * precise), rel=0.01)


def test_empty_frames_later_rows_and_row_order() -> None:
    volume_months, lags, _ = _world(3, np.zeros(60))
    for name, frame in estimate_trends(volume_months[:0], NO_YEARS, lags[:0], AS_OF, SETTINGS).items():
        assert list(frame.columns) == list(OUTPUTS[name])
        assert frame.empty
    first = estimate_trends(volume_months, NO_YEARS, lags, AS_OF, SETTINGS)
    later = volume_months[-300:].assign(month=pd.Timestamp("2025-08-01"), services=500.0)
    known_later = lags.assign(known_month=pd.Timestamp("2025-09-01"))
    again = estimate_trends(
        pd.concat([later, volume_months]).sample(frac=1, random_state=1),
        NO_YEARS,
        pd.concat([lags, known_later]),
        AS_OF,
        SETTINGS,
    )
    for name in OUTPUTS:
        pd.testing.assert_frame_equal(first[name], again[name])
