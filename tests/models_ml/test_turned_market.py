"""A market that turns: the level of the scores follows it, and so do coefficients, where the outcomes speak for it."""

import numpy as np
import pandas as pd
import pytest

from models_ml.evaluation import timestamp, typed_empty
from models_ml.targeting import OUTPUTS, score_adoption
from models_ml.targeting.design import Design
from models_ml.targeting.drift import Prior, drifted
from models_ml.targeting.features import provider_snapshots
from models_ml.targeting.origins import sigmoid
from tests.models_ml.adoption_world import AS_OF, DIAGNOSES, HORIZON, simulate


def test_after_a_turn_of_the_market_the_level_follows() -> None:
    turned = simulate(6, n=600, turns_in=24)
    no_model = typed_empty(OUTPUTS)["champion"]
    nobody = pd.DataFrame(columns=DIAGNOSES)
    told = score_adoption(turned.months, turned.adoptions, nobody, no_model, AS_OF, HORIZON)["scores"]
    scores = told.drop_duplicates("npi").set_index("npi")
    true = turned.truth[scores.index].to_numpy()
    assert scores["adoption_probability"].mean() == pytest.approx(true.mean(), rel=0.35)


def learnt(*truth: list[float], own: tuple[bool, ...], seed: int = 4, rows: int = 1000) -> np.ndarray:
    """The coefficients of the newest of six days; each list holds the true ones of one column, a day each."""
    rng = np.random.default_rng(seed)
    matrix, day = rng.normal(size=(6 * rows, len(truth))), np.repeat(np.arange(6), rows)
    true = np.array(truth)
    y = (rng.random(6 * rows) < sigmoid(-3 + (matrix * true.T[day]).sum(axis=1))).astype(float)
    prior = Prior(np.zeros(len(truth)), np.full(len(truth), 0.3), np.array(own))
    return drifted(matrix, y, np.ones(6 * rows), day, true.mean(axis=1), [prior])


TURNED, STEADY, NONE = [1.2, 1.2, 1.2, 0.0, 0.0, 0.0], [0.6] * 6, [0.0] * 6


@pytest.mark.parametrize("own", [(True, False), (False, True)], ids=["calls count no more", "a trait counts no more"])
def test_after_a_turn_the_coefficients_are_those_of_the_newest_days(own: tuple[bool, bool]) -> None:
    turned, steady = learnt(TURNED, NONE, own=own), learnt(STEADY, NONE, own=own)
    assert turned[0] == pytest.approx(0.0, abs=0.25)
    assert steady[0] == pytest.approx(0.6, abs=0.15)
    assert max(abs(turned[1]), abs(steady[1])) < 0.2


def test_where_calls_alone_came_to_count_otherwise_all_days_still_tell_what_providers_are_like() -> None:
    """Of what stood still beside calls that turned, more is known where it is known which are the calls."""

    def error(calls: bool) -> float:
        own = (calls, False, False, False)
        found = [learnt(TURNED, STEADY, STEADY, STEADY, own=own, seed=seed, rows=300)[1:] for seed in range(20)]
        return float(np.mean((np.array(found) - 0.6) ** 2))

    assert error(calls=True) < 0.8 * error(calls=False)


def test_what_outcomes_say_nothing_of_stays_as_it_was_held_before_on_one_day_as_on_many() -> None:
    held = np.array([0.4, -0.2])
    for day in (np.zeros(6, int), np.repeat([0, 1, 2], 2)):
        prior = Prior(held, np.ones(2), np.array([True, False]))
        y = np.array([1.0, 0, 0, 1, 0, 0])
        found = drifted(np.zeros((6, 2)), y, np.ones(6), day, np.array([0.1, 0.1]), [prior, prior])
        assert found == pytest.approx(held)


def test_how_strongly_coefficients_are_held_back_is_what_outcomes_make_likely() -> None:
    rng = np.random.default_rng(5)
    matrix, day = rng.normal(size=(4000, 12)), np.zeros(4000, int)
    loose, tight = (Prior(np.zeros(12), np.full(12, v), np.zeros(12, bool)) for v in (1.0, 0.001))

    def found(effect: float, priors: list[Prior]) -> np.ndarray:
        y = (np.random.default_rng(6).random(4000) < sigmoid(-3 + matrix.sum(axis=1) * effect)).astype(float)
        return drifted(matrix, y, np.ones(4000), day, np.full(12, effect), priors)

    assert found(0.4, [loose, tight]) == pytest.approx(found(0.4, [loose]), abs=0.01)
    assert found(0.0, [loose, tight]) == pytest.approx(found(0.0, [tight]), abs=0.01)


def test_before_any_outcome_volume_alone_is_held_to_count() -> None:
    """A first order is as likely again with four times the volume: half way between no effect and a chance in proportion."""
    world = simulate(3, n=200)
    rows = provider_snapshots(world.months, [timestamp(AS_OF)], ["hip", "knee"])
    small, large = (
        Design().fit(rows).matrix(rows.assign(volume_12m=volume, prior_volume_12m=volume)) for volume in (99, 399)
    )
    odds = (large - small) @ Design().fit(rows).expected
    assert np.exp(odds) == pytest.approx(np.full(len(rows), 2.0))


def test_own_actions_are_what_field_and_marketing_do() -> None:
    world = simulate(3, n=200)
    rows = provider_snapshots(world.months, [timestamp(AS_OF)], ["hip", "knee"])
    design = Design().fit(rows)
    names = [column.inputs[0] for column in design.columns]
    found = {name for name, is_own in zip(names, design.is_own_action, strict=False) if is_own}
    assert found == {"calls_3m", "calls_12m", "calls_ever", "missed_calls_12m", "marketing_touches_12m"}
    assert len(design.is_own_action) == len(design.expected) == design.matrix(rows).shape[1]
