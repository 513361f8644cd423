"""Of two kinds of model each gets the share that past days speak for, and both together are nearer the truth than the one that is wrong."""

import numpy as np
import pandas as pd
import pytest

from models_ml.evaluation import rolling_origins, timestamp
from models_ml.targeting.blend import fit_blend, log_likelihood, share_of_trees
from models_ml.targeting.boosted import fit_boosted
from models_ml.targeting.calibration import sigmoid
from models_ml.targeting.design import Design
from models_ml.targeting.features import first_orders_by, provider_snapshots
from models_ml.targeting.lists import with_lists
from models_ml.targeting.origins import run_tests
from models_ml.targeting.teaching import Training, taught_by
from tests.models_ml.adoption_world import AS_OF, DIAGNOSES, HORIZON, simulate

OVERLAP = 2.0


def _day(rows: int, share: float, level: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """What two kinds foretold of one day, and what came after, where `share` of the trees is the truth."""
    rng = np.random.default_rng(seed)
    logistic, boosted = rng.normal(-3, 1, (2, rows))
    chance = sigmoid(level + (1 - share) * logistic + share * boosted)
    y = (rng.random(rows) < chance).astype(float)
    npi = np.arange(rows).astype(str)
    return pd.DataFrame({"npi": npi, "logistic": logistic, "boosted": boosted, "y": y, "weight": 1.0})


def test_before_any_day_was_tested_the_trees_hold_a_quarter() -> None:
    assert share_of_trees([]).mean == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_many_orders_tell_the_share_whatever_the_level_of_their_day(share: float) -> None:
    told = [log_likelihood(_day(20_000, share, level, n), OVERLAP, 0) for n, level in enumerate((-0.8, 0.0, 0.8))]
    found = share_of_trees(told)
    assert found.mean == pytest.approx(share, abs=0.06)
    assert found.lower < found.mean < found.upper


def test_a_day_without_an_order_says_nothing() -> None:
    silent = log_likelihood(_day(500, 0.9).assign(y=0.0), OVERLAP, 0)
    assert share_of_trees([silent]).mean == pytest.approx(share_of_trees([]).mean, abs=0.03)


@pytest.fixture(scope="module")
def closed_market() -> tuple[pd.DataFrame, np.ndarray]:
    """Volume counts in a line, but whoever has no facility can order nothing, and those of two facilities are of one kind."""
    rng = np.random.default_rng(4)
    rows = pd.DataFrame(
        {
            "npi": np.arange(9_000).astype(str),
            "snapshot_on": np.repeat(pd.to_datetime(["2024-03-31", "2024-06-30", "2024-09-30"]), 3_000),
            "specialty": rng.choice(["Cardiology", "Vascular"], 9_000),
            "volume_12m": rng.lognormal(3, 1, 9_000),
            "facility_count": rng.integers(0, 4, 9_000).astype(float),
        }
    )
    can_order = rows["facility_count"].isin([1.0, 3.0]).to_numpy()
    return rows, np.where(can_order, sigmoid(-3.5 + 0.8 * (np.log(rows["volume_12m"]) - 3)), 1e-4)


def test_where_a_line_is_not_the_truth_both_in_one_are_nearer_to_it(closed_market) -> None:
    rows, chance = closed_market
    y = (np.random.default_rng(5).random(len(chance)) < chance).astype(float)
    model = fit_blend(Training(rows, y, np.ones(len(y)), np.zeros(len(y), dtype=bool)), 0.5)

    def surprise(log_odds: np.ndarray) -> float:
        return float(np.mean(np.logaddexp(0, log_odds) - chance * log_odds))

    alone = surprise(model.logistic.log_odds(rows))
    assert surprise(model.log_odds(rows)) < alone - 0.002
    expected = (model.logistic.log_odds(rows) + model.boosted.log_odds(rows)) / 2
    np.testing.assert_allclose(model.log_odds(rows), expected)


def test_the_share_of_a_past_day_is_that_of_what_was_known_by_then() -> None:
    world = simulate(2, n=500)
    days = sorted(pd.to_datetime(world.months["snapshot_on"].unique()))[::3]
    snapshots = with_lists(provider_snapshots(world.months, days, [], pd.DataFrame(columns=DIAGNOSES)), None)
    first_orders = first_orders_by(world.adoptions, AS_OF)
    origins = rolling_origins(pd.Series(days), timestamp(AS_OF), HORIZON)
    all_days = run_tests(snapshots, first_orders, origins, HORIZON, 0)
    shares = {day: model.share for day, model in all_days.models.items()}
    newest = max(shares)
    by_then = first_orders[first_orders <= newest]
    alone = run_tests(snapshots[snapshots["snapshot_on"] <= newest], by_then, origins, HORIZON, 0)
    assert alone.models[newest].share == shares[newest]
    assert len(set(shares.values())) > 2


def test_more_volume_never_lowers_the_odds_of_boosted_trees() -> None:
    world = simulate(0)
    rows = provider_snapshots(world.months, [pd.Timestamp("2024-12-31")], [], pd.DataFrame(columns=DIAGNOSES))
    training = taught_by(rows, first_orders_by(world.adoptions, AS_OF), timestamp(AS_OF), HORIZON, 0)
    model = fit_boosted(training, Design().fit(training.rows))
    one = pd.concat([rows.iloc[:1]] * 60, ignore_index=True).assign(
        volume_12m=np.arange(60.0) * 5, prior_volume_12m=np.nan
    )
    assert (np.diff(model.log_odds(one)) >= -1e-12).all()
