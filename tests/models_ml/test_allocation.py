"""The list: calls go where one more adds most, the holdout is drawn by chance, and the response to calls is told as far as it is known."""

import numpy as np
import pandas as pd
import pytest

from models_ml.allocation import OUTPUTS
from models_ml.allocation.calls import LEAST_CALLS
from models_ml.allocation.response import PUBLISHED, estimate_response, marginal
from tests.models_ml.list_world import candidates, night, nights_before, place, scores, seats
from tests.models_ml.test_targeting import AS_OF, HORIZON, _world


def test_each_rep_gives_all_calls_and_none_would_add_more_elsewhere():
    rows = candidates(300)
    plan = night(rows)
    assert plan.groupby("rep_id")["calls_per_quarter"].sum().to_dict() == {"r0": 52, "r1": 52, "r2": 52}
    assert (
        plan.groupby("territory_id")["rank"]
        .apply(list)
        .map(lambda ranks: ranks == list(range(1, len(ranks) + 1)))
        .all()
    )
    least = {tier: int(calls) for tier, calls in plan.groupby("tier")["calls_per_quarter"].min().items()}
    assert all(least[tier] >= calls for tier, calls in LEAST_CALLS.items())
    # With no history of calls, no travel and no access between them, worth alone decides.
    flat = candidates(
        300, territories=1, calls_3m=0, asked_calls_24m=0, kept_calls_24m=0, latitude=40.0, longitude=-80.0
    )
    worth = flat.assign(worth=flat["open_revenue_usd"] * scores(flat)["adoption_probability"].to_numpy()).set_index(
        "npi"
    )["worth"]
    given = night(flat, reps=seats(("r0", "T0"))).set_index("npi")["calls_per_quarter"].astype(int)
    calls = worth.to_frame().assign(calls=given).fillna({"calls": 0})
    worth += 0.01 * flat["open_revenue_usd"].median() * scores(flat).set_index("npi")["adoption_probability"]
    last = (worth * marginal(calls["calls"].to_numpy(), PUBLISHED))[calls["calls"] > 0]
    more = (worth * marginal(calls["calls"].to_numpy() + 1, PUBLISHED))[calls["calls"] < 6]
    assert last.min() >= more.max()


def test_the_companys_own_cap_of_calls_is_kept():
    plan = night(candidates(50), calls_per_rep_per_week=20, calls_per_provider_per_quarter=4)
    assert plan["calls_per_quarter"].max() == 4
    assert set(plan["tier"]) == {"B"}


def test_a_further_call_adds_more_than_it_costs_and_the_first_one_is_made():
    few, cost = candidates(60, calls_3m=0, asked_calls_24m=0, kept_calls_24m=0, latitude=40.0, longitude=-80.0), 500.0
    company = {"calls_per_rep_per_week": 40, "rep_annual_cost_usd": cost * 52 * 40}
    plan = night(few, **company)
    worth = few.set_index("npi")["open_revenue_usd"] + 0.01 * few["open_revenue_usd"].median()
    worth *= scores(few).set_index("npi")["adoption_probability"]
    assert len(plan) == 60
    for npi, calls in zip(plan["npi"], plan["calls_per_quarter"].astype(int), strict=True):
        assert calls == 1 or worth[npi] * marginal(np.array(calls), PUBLISHED) >= cost
        assert calls == 6 or worth[npi] * marginal(np.array(calls + 1), PUBLISHED) < cost
    assert set(plan["tier"]) == {"A", "B", "C"}
    pd.testing.assert_frame_equal(place(night(few, before=nights_before(plan), **company)), place(plan))


def test_travel_and_access_count_and_a_rep_of_two_territories_has_the_calls_of_one():
    far = candidates(
        60, territories=1, open_revenue_usd=1e5, calls_3m=0, asked_calls_24m=0, kept_calls_24m=0, latitude=40.0
    )
    far["longitude"] = np.where(np.arange(60) < 30, -80.0, -78.0)
    same = scores(far).assign(adoption_probability=0.05)
    listed = night(far, same, reps=seats(("r0", "T0")).assign(start_latitude=40.0, start_longitude=-80.0))
    near = far.set_index("npi").loc[listed["npi"], "longitude"] == -80.0
    assert near.to_numpy()[listed["calls_per_quarter"].to_numpy().argsort()[::-1][:20]].all()
    assert listed["drive_minutes"].max() > 100 or near.all()
    shut = far.assign(longitude=-80.0, asked_calls_24m=10, kept_calls_24m=np.where(np.arange(60) < 30, 10, 1))
    open_doors = night(shut, same, reps=seats(("r0", "T0")))
    kept = shut.set_index("npi").loc[open_doors["npi"], "kept_calls_24m"]
    assert (open_doors["calls_per_quarter"].astype(int).to_numpy()[kept.to_numpy() == 10]).mean() > 1
    assert (kept == 10).all()
    both = night(candidates(200), reps=seats(("r0", "T0"), ("r0", "T1")))
    assert both["calls_per_quarter"].sum() == 52
    assert set(both["territory_id"]) == {"T0", "T1"}


def test_the_holdout_is_drawn_by_chance_stays_the_same_and_spares_whoever_was_listed():
    rows = candidates(2000, territories=2, is_rep_target=np.arange(2000) % 10 == 0)
    off = night(rows, calls_per_rep_per_week=40)
    on = night(rows, calls_per_rep_per_week=40, holdout_share=0.2)
    held = on[on["assignment"] == "holdout"]
    marked = rows.set_index("npi").loc[on["npi"], "is_rep_target"].to_numpy()
    new = int((~marked).sum())
    assert abs(len(held) - 0.2 * new) < 4 * np.sqrt(0.2 * 0.8 * new)
    assert not marked[(on["assignment"] == "holdout").to_numpy()].any()
    assert (held["calls_per_quarter"] == 0).all()
    assert held["why"].str.contains("holdout").all()
    assert (on[on["assignment"] == "treat"].groupby("rep_id")["calls_per_quarter"].sum() == 520).all()
    # Nobody who was asked to be called before is held out, and lowering the share lets some go.
    assert (
        night(rows, before=nights_before(off), calls_per_rep_per_week=40, holdout_share=0.2)["assignment"] == "treat"
    ).mean() > 0.95
    later = night(rows, before=nights_before(off), calls_per_rep_per_week=40, holdout_share=0.2)
    assert not set(later[later["assignment"] == "holdout"]["npi"]) & set(off["npi"])
    fewer = night(rows, before=nights_before(on), calls_per_rep_per_week=40, holdout_share=0.1)
    still = set(fewer[fewer["assignment"] == "holdout"]["npi"])
    assert still & set(held["npi"])
    assert len(still) < len(held)
    other_company = night(rows, calls_per_rep_per_week=40, holdout_share=0.2, name="Other")
    assert set(other_company[other_company["assignment"] == "holdout"]["npi"]) != set(held["npi"])


@pytest.mark.parametrize("rows", [0, 1])
def test_empty_inputs_give_empty_tables(rows):
    nobody = candidates(5)[:rows]
    for reps in (seats(), seats()[:0]):
        plan = night(nobody, reps=reps)
        assert list(plan.columns) == list(OUTPUTS["plan"])
        assert len(plan) == (rows if len(reps) else 0)
    assert night(candidates(5, open_revenue_usd=0.0))["calls_per_quarter"].min() == 6


def test_the_response_to_calls_is_concave_and_says_when_it_is_not_identified():
    months, adoptions, _ = _world(0)
    found = estimate_response(months, adoptions, AS_OF, HORIZON)
    curve = found.curve()
    assert curve["relative_marginal"].dropna().is_monotonic_decreasing
    assert found.method.startswith("estimated")
    assert 0.25 < found.elasticity < 0.7
    few = estimate_response(months, adoptions.head(20), AS_OF, HORIZON)
    assert few.elasticity == PUBLISHED
    assert few.method.startswith("not identified (too few first orders)")
    always = months.assign(calls_3m=3, calls_12m=12, calls_ever=40)
    assert estimate_response(always, adoptions, AS_OF, HORIZON).method.startswith("not identified (calls follow")
