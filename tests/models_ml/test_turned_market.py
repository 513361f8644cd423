"""A market that turns: the level of the scores follows it, and so do coefficients, where the outcomes speak for it."""

import numpy as np
import pandas as pd
import pytest

from models_ml.evaluation import typed_empty
from models_ml.targeting import OUTPUTS, score_adoption
from models_ml.targeting.drift import drifted
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


def test_after_a_turn_the_coefficients_are_those_of_the_newest_days() -> None:
    def learnt(truth: list[float]) -> np.ndarray:
        rng = np.random.default_rng(4)
        matrix, day = rng.normal(size=(6000, 2)), np.repeat(np.arange(6), 1000)
        y = (rng.random(6000) < sigmoid(-3 + matrix[:, 0] * np.array(truth)[day])).astype(float)
        plain = np.array([np.mean(truth), 0.0])
        return drifted(matrix, y, np.ones(6000), day, plain, np.array([0.3, 0.3]))

    turned, steady = learnt([1.2, 1.2, 1.2, 0.0, 0.0, 0.0]), learnt([0.6] * 6)
    assert turned[0] == pytest.approx(0.0, abs=0.25)
    assert steady[0] == pytest.approx(0.6, abs=0.15)
    assert max(abs(turned[1]), abs(steady[1])) < 0.2


def test_one_day_alone_cannot_drift() -> None:
    plain = np.array([0.4])
    found = drifted(np.ones((5, 1)), np.array([1.0, 0, 0, 0, 0]), np.ones(5), np.zeros(5, int), plain, np.ones(1))
    assert found is plain
