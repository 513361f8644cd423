"""Reasons are true of any model: taking the named feature back moves the log-odds as stated, and the words hold the row's own figures."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from models_ml.evaluation import timestamp
from models_ml.targeting.design import Design
from models_ml.targeting.features import first_orders_by, provider_snapshots
from models_ml.targeting.model import fit_logistic
from models_ml.targeting.names import counted, with_names
from models_ml.targeting.reasons import _words, explain, subjects, taken_back
from models_ml.targeting.teaching import taught_by
from tests.models_ml.test_targeting import AS_OF, HORIZON, _world

OURS = ("own_payments", "orders_usd")


@dataclass
class Trees:
    """Boosted trees behind the same two names as the logistic model."""

    design: Design
    trees: HistGradientBoostingClassifier

    @property
    def references(self) -> dict[str, float | str]:
        return self.design.references

    def log_odds(self, rows: pd.DataFrame) -> np.ndarray:
        return self.trees.decision_function(self.design.matrix(rows))


@pytest.fixture(scope="module")
def learnt() -> tuple[pd.DataFrame, dict]:
    months, adoptions, _ = _world(3, n=600, rate=-4.6)
    rng = np.random.default_rng(0)
    months["prior_volume_12m"] = np.round(months["volume_12m"] * np.exp(rng.normal(0, 0.3, len(months))))
    months["peers_adopted"] = np.minimum(rng.poisson(0.7, len(months)), months["peer_count"])
    rows = provider_snapshots(months, [pd.Timestamp("2024-06-30"), pd.Timestamp("2024-12-31")], ["hip", "knee"])
    training = taught_by(rows, first_orders_by(adoptions, AS_OF), timestamp(AS_OF), HORIZON, 0)
    design = Design().fit(training.rows)
    trees = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=6, random_state=0)
    trees.fit(design.matrix(training.rows), training.y > 0)
    return training.rows.head(120), {"logistic": fit_logistic(training, design), "trees": Trees(design, trees)}


@pytest.mark.parametrize("kind", ["logistic", "trees"])
@pytest.mark.parametrize("slope", [1.0, 0.6])
def test_taking_the_named_feature_back_moves_the_log_odds_as_stated(learnt, kind, slope):
    rows, models = learnt
    model, told = models[kind], 0
    base = model.log_odds(rows)
    moved = {
        name: slope * (base - model.log_odds(taken_back(rows, name, model.references))) for name in subjects(model)
    }
    for place, text in enumerate(explain(rows, model, slope)):
        reasons = json.loads(text)
        assert [abs(reason["effect"]) for reason in reasons] == sorted(
            (abs(r["effect"]) for r in reasons), reverse=True
        )
        for reason in reasons:
            effect = moved[reason["feature"]][place]
            assert effect == pytest.approx(reason["effect"], abs=1e-4)
            assert ("raises the odds" in reason["text"]) == (effect > 0)
            assert f"by {100 * abs(np.expm1(effect)):.0f} %" in reason["text"]
            assert not any(word in reason["feature"] for word in OURS)
            told += 1
    assert told > 150


def test_the_words_hold_the_figures_of_the_row(learnt):
    rows, models = learnt
    found = set()
    for model in models.values():
        for place, text in enumerate(explain(rows, model, 1.0)):
            row = rows.iloc[place]
            for reason in json.loads(text):
                name, words = reason["feature"], reason["text"]
                if name == "volume_growth" and row["prior_volume_12m"] > 0:
                    new, old = row["volume_12m"], row["prior_volume_12m"]
                    way = "up" if new > old else "down"
                    assert words.startswith(
                        f"volume {way} {100 * abs(new / old - 1):.0f} % in a year ({new:,.0f} procedures after {old:,.0f})"
                    )
                    assert reason["value"] == pytest.approx(new / old - 1, abs=0.006)
                    found.add(name)
                if name == "peers_adopted" and row["peer_count"] > 0:
                    assert words.startswith(
                        f"{row[name]:.0f} of {row['peer_count']:.0f} colleagues who share patients order"
                    )
                    found.add(name)
    assert found == {"volume_growth", "peers_adopted"}


@dataclass(frozen=True)
class OnCalls:
    """Likes calls and colleagues who ordered, and nothing else."""

    references: dict
    dropped: dict

    def log_odds(self, rows):
        return (rows["calls_12m"] + rows["facility_adopters"]).to_numpy(dtype=float)


def test_one_is_told_as_one():
    rows = pd.DataFrame({"calls_12m": [1.0, 2.0], "facility_adopters": [1.0, 2.0]})
    told = explain(rows, OnCalls({"calls_12m": 0.0, "facility_adopters": 0.0}, {}), 1.0)
    one, two = ([reason["text"] for reason in json.loads(text)] for text in told)
    assert one[0].startswith("1 call in 12 months (usual: 0)")
    assert one[1].startswith("1 colleague at the same facilities orders from us")
    assert two[0].startswith("2 calls in 12 months")
    assert two[1].startswith("2 colleagues at the same facilities order from us")


def test_a_contract_is_told_by_its_names_where_they_belong_to_the_figure():
    reason = {
        "feature": "days_to_competitor_contract_end", "value": 71, "effect": 0.4,
        "text": "71 days until a competitor's contract ends: raises the odds by 49 %",
    }  # fmt: skip
    other = {"feature": "calls_3m", "value": 71, "effect": 0.1, "text": "71 calls in 3 months: raises the odds by 11 %"}
    text = json.dumps([reason, other])
    scores = pd.DataFrame({"npi": ["1", "2", "3", "4"], "reasons": [text, text, text, "[]"]}).astype("string")
    names = [("1", 'Acme "{0}"; drop: x', "St. Mary's", 71), ("2", "Acme", "General", 70), ("4", "Acme", "General", 71)]
    contracts = pd.DataFrame(names, columns=["npi", "supplier", "facility", "days_to_contract_end"])
    told = with_names(scores, contracts)["reasons"].map(json.loads)
    assert (
        told[0][0]["text"]
        == 'the contract of St. Mary\'s with Acme "{0}"; drop: x ends in 71 days: raises the odds by 49 %'
    )
    assert [told[0][1], told[1], told[2], told[3]] == [other, [reason, other], [reason, other], []]
    nameless = contracts.assign(supplier=None, facility=None)
    text = json.loads(with_names(scores, nameless)["reasons"][0])[0]["text"]
    assert text == "the hospital's contract with a competitor ends in 71 days: raises the odds by 49 %"
    assert with_names(scores, contracts[:0]) is scores


def test_access_is_told_in_plain_words() -> None:
    assert _words("is_access_closed", 1) == "closed to reps (no-see, or a closed system)"
    assert _words("is_access_closed", 0) == "not closed to reps (no-see, or a closed system)"
    assert _words("missed_calls_12m", 1) == "1 planned call that did not take place in 12 months"
    assert _words("missed_calls_12m", 3) == "3 planned calls that did not take place in 12 months"


@pytest.mark.parametrize(
    ("volumes", "word"),
    [
        ([], "procedures"),
        (["prescriptions"], "prescriptions"),
        (["prescriptions", "procedures"], "procedures and prescriptions"),
        (["procedures and prescriptions"], "procedures and prescriptions"),
    ],
)
def test_a_volume_is_called_what_the_focus_families_count(volumes, word) -> None:
    families = pd.DataFrame({"is_focus": True, "counted": volumes})
    other = pd.DataFrame({"is_focus": [False], "counted": ["prescriptions"]})
    assert counted(pd.concat([families, other])) == word
    assert _words("volume_12m", 40, word) == f"40 {word} in 12 months"
    assert _words("volume_12m", 1, "prescriptions") == "1 prescription in 12 months"
    assert _words("volume_12m", None, word) == f"{word} in 12 months not known"


def test_what_is_not_known_is_told_in_the_words_of_what_is():
    assert _words("active_months_12m", None) == "months with procedures not known"
    assert _words("trials_12m", None) == "trials in 12 months not known"
    assert _words("diagnosis_share: plaque_psoriasis", None) == "plaque psoriasis not known"


def test_money_of_competitors_is_told_of_the_months_that_are_public():
    """Open Payments is published once a year: in May, the last twelve months before the day would hold nothing that anybody could know."""
    assert (
        _words("competitor_payments_12m_usd", 40) == "40 USD from competitors in the newest 12 months that are public"
    )
    assert _words("competitor_payments_36m", 1) == "1 payment from competitors in the newest 36 months that are public"
