"""The list: calls go where one more adds most, stay where they were unless something is clearly better, and every change says why."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models_ml.allocation import OUTPUTS, allocate_calls
from models_ml.allocation.calls import LEAST_CALLS
from models_ml.allocation.response import PUBLISHED, estimate_response, marginal
from tests.models_ml.test_targeting import AS_OF, HORIZON, _world

COMPANY = pd.Series(
    {
        "name": "Acme",
        "calls_per_rep_per_week": 4,
        "holdout_share": 0.0,
        "adoption_horizon_days": 180,
        "calls_per_provider_per_quarter": 13,
        "rep_annual_cost_usd": 0,
    }
)
NO_MONTHS = pd.DataFrame({"npi": [], "snapshot_on": [], "procedure_family": []})
NO_ORDERS = pd.DataFrame({"npi": [], "first_order_on": []})
LISTED = [
    "npi", "territory_id", "rep_id", "tier", "rank", "calls_per_quarter", "assignment", "adoption_probability",
    "open_revenue_usd", "kept_share", "drive_minutes", "listed_on", "is_on_last_list", "was_ever_treated", "first_order_on",
    "is_active", "present_territory_id",
]  # fmt: skip


def candidates(n: int, seed: int = 0, territories: int = 2, **changed) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    asked = rng.poisson(2, n)
    rows = pd.DataFrame({
        "npi": [f"{1_000_000_000 + k}" for k in range(n)], "territory_id": [f"T{k % territories}" for k in range(n)],
        "is_withheld": False, "is_rep_target": False, "open_revenue_usd": np.round(np.exp(rng.normal(11, 1, n)), 2),
        "calls_3m": rng.poisson(0.5, n), "asked_calls_24m": asked, "kept_calls_24m": rng.binomial(asked, 0.8),
        "calling_rep_id": None, "latitude": 40 + rng.normal(0, 0.3, n), "longitude": -80 + rng.normal(0, 0.3, n),
        "feedback": "none", "is_approval": False, "is_answer_in_force": False, "answer_reason": None,
        "answered_on": pd.NaT, "answer_holds_until": pd.NaT, "reopened_because": None,
    })  # fmt: skip
    return rows.assign(**changed)


def seats(*pairs: tuple[str, str]) -> pd.DataFrame:
    rows = pd.DataFrame(pairs or [("r0", "T0"), ("r1", "T1"), ("r2", "T1")], columns=["rep_id", "territory_id"])
    return rows.assign(start_latitude=np.nan, start_longitude=np.nan, minutes_per_call=np.nan)


def scores(rows: pd.DataFrame, seed: int = 0, noise: float = 0.0) -> pd.DataFrame:
    log_odds = np.random.default_rng(seed).normal(-3, 0.8, len(rows))
    log_odds += noise * np.random.default_rng(seed + 1000).normal(size=len(rows))
    reasons = '[{"feature": "volume_12m", "value": 9, "effect": 0.2, "text": "9 procedures: raises the odds by 22 %"}]'
    probability = 1 / (1 + np.exp(-log_odds))
    return pd.DataFrame({"npi": rows["npi"], "procedure_family": "hip", "adoption_probability": probability}).assign(
        reasons=reasons, is_baseline=False
    )


def nights_before(plan: pd.DataFrame | None = None, earlier: pd.DataFrame | None = None) -> pd.DataFrame:
    """What the features tell of earlier lists, once `plan` was the last of them."""
    if plan is None:
        return pd.DataFrame(columns=LISTED)
    rows = plan[plan["change"] != "dropped"].assign(
        listed_on=pd.Timestamp("2025-06-29"), is_on_last_list=True, first_order_on=pd.NaT, is_active=True,
        present_territory_id=plan["territory_id"], was_ever_treated=plan["assignment"] == "treat",
    )[LISTED]  # fmt: skip
    older = [] if earlier is None else [earlier[~earlier["npi"].isin(rows["npi"])].assign(is_on_last_list=False)]
    # As they come from a file: plain objects and numbers.
    return pd.concat([rows, *older], ignore_index=True).astype({"npi": object, "tier": object, "rep_id": object})


def night(rows, scored=None, before=None, reps=None, **company) -> pd.DataFrame:
    told = COMPANY.copy()
    for name, value in company.items():
        told[name] = value
    arguments = (scores(rows) if scored is None else scored, rows, seats() if reps is None else reps)
    return allocate_calls(
        *arguments, nights_before() if before is None else before, NO_MONTHS, NO_ORDERS, dt.date(2025, 6, 30), told
    )["plan"]


def place(plan: pd.DataFrame) -> pd.DataFrame:
    columns = ["npi", "territory_id", "rep_id", "tier", "rank", "calls_per_quarter", "assignment"]
    return plan[plan["change"] != "dropped"][columns].reset_index(drop=True)


def share_changed(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """Of the list before, who left it or has another tier, and of the list after, who is new, over the longer of both."""
    tiers = [plan[plan["change"] != "dropped"].set_index("npi")["tier"] for plan in (before, after)]
    both = pd.concat(tiers, axis=1, keys=["before", "after"])
    return float(
        (both["before"].astype(object).fillna("-") != both["after"].astype(object).fillna("-")).sum()
        / max(map(len, tiers))
    )


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


@settings(max_examples=12, deadline=None)
@given(
    st.integers(1, 400), st.integers(0, 10_000), st.sampled_from([0, 1, 4, 20]), st.sampled_from([0.0, 0.05, 0.3]), st.integers(1, 3)
)  # fmt: skip
def test_with_nothing_new_the_list_does_not_change_at_all(n, seed, calls_per_week, holdout_share, territories):
    rows = candidates(n, seed, territories)
    company = {"calls_per_rep_per_week": calls_per_week, "holdout_share": holdout_share}
    first = night(rows, scores(rows, seed), **company)
    before = nights_before(first)
    second = night(rows, scores(rows, seed), before, **company)
    third = night(rows, scores(rows, seed), nights_before(second, before), **company)
    pd.testing.assert_frame_equal(place(first), place(second))
    pd.testing.assert_frame_equal(place(first), place(third))
    assert (second["change"] == "kept").all()
    assert second["reason"].isna().all()


def test_noise_alone_changes_at_most_a_twentieth_of_the_list():
    """Scores that scatter by a tenth of their odds from night to night, on six nights of each of two worlds, once the list has settled."""
    shares, bare = [], []
    for seed in (1, 2):
        rows, before, last = candidates(500, seed), None, None
        for evening in range(9):
            scored = scores(rows, seed).assign(
                adoption_probability=lambda frame, k=evening, s=seed: 1 / (1 + np.exp(
                    -np.log(frame["adoption_probability"] / (1 - frame["adoption_probability"]))
                    - np.random.default_rng(100 * s + k).normal(0, 0.1, len(frame))
                ))
            )  # fmt: skip
            plan, fresh = night(rows, scored, before, holdout_share=0.05), night(rows, scored, holdout_share=0.05)
            if last is not None and evening > 2:
                shares.append(share_changed(last[0], plan))
                bare.append(share_changed(last[1], fresh))
            last, before = (plan, fresh), nights_before(plan, before)
    assert max(shares) <= 0.05
    assert np.mean(bare) > 0.08


def test_a_real_change_is_seen_at_once_and_explained_by_the_figure_that_made_it():
    rows = candidates(300, territories=1)
    scored = scores(rows)
    first = night(rows, scored, reps=seats(("r0", "T0")))
    one, two = first["npi"].iloc[-1], first["npi"].iloc[0]
    moved = scored.assign(
        adoption_probability=scored["adoption_probability"]
        .where(scored["npi"] != one, 0.6)
        .where(scored["npi"] != two, 0.001)
    )
    second = night(rows, moved, nights_before(first), reps=seats(("r0", "T0"))).set_index("npi")
    assert second.loc[one, "change"] == "promoted"
    assert re.search(r"the chance of a first order rose from [\d.]+ % to 60.0 %", second.loc[one, "reason"])
    assert second.loc[two, "change"] in ("demoted", "dropped")
    assert re.search(r"the chance of a first order fell from [\d.]+ % to 0.1 %", second.loc[two, "reason"])


def test_a_figure_is_named_only_where_the_change_hangs_on_it():
    """Taken back to what last night's list held, it gives the provider more calls again, or fewer."""
    rows, reps = candidates(300, territories=1), seats(("r0", "T0"))
    scored = scores(rows)
    first = night(rows, scored, reps=reps)
    moved = scored.assign(adoption_probability=scores(rows, noise=0.7)["adoption_probability"])
    second = night(rows, moved, nights_before(first), reps)
    told = second[second["reason"].notna() & second["calls_before"].notna()].set_index("npi")
    named = told[told["reason"].str.contains("the chance of a first order")]
    assert len(named) > 5
    for npi, row in named.iterrows():
        back = moved.assign(
            adoption_probability=moved["adoption_probability"].where(
                moved["npi"] != npi, scored["adoption_probability"]
            )
        )
        again = night(rows, back, nights_before(first), reps).set_index("npi").loc[npi, "calls_per_quarter"]
        now, then = (0 if pd.isna(calls) else calls for calls in (row["calls_per_quarter"], again))
        assert then < now if "rose" in row["reason"] else then > now
    others = told.drop(named.index)
    decided = others["reason"].str.extract(r"adds ([\d,]+) USD a year, and had to add ([\d,]+) USD").dropna()
    adds, needed = (decided[side].str.replace(",", "").astype(float) for side in (0, 1))
    more = others["calls_per_quarter"].astype(float).fillna(0) > others["calls_before"].astype(float)
    assert len(decided) == len(others) > 0
    assert ((adds >= needed) == more).all()


def answered(
    rows: pd.DataFrame, npi: str, feedback: str, is_approval: bool = False, in_force: bool = True
) -> pd.DataFrame:
    at = rows["npi"] == npi
    return rows.assign(
        feedback=np.where(at, feedback, rows["feedback"]), is_approval=np.where(at, is_approval, rows["is_approval"]),
        is_answer_in_force=np.where(at, in_force, rows["is_answer_in_force"]),
        answered_on=rows["answered_on"].where(~at, pd.Timestamp("2025-06-01")),
        answer_holds_until=rows["answer_holds_until"].where(~at, pd.Timestamp("2025-11-28")),
        answer_reason=rows["answer_reason"].astype(object).where(~at, "Retires: soon"),
    )  # fmt: skip


def test_answers_of_the_field_change_the_next_list_and_are_kept():
    rows = candidates(300, territories=1)
    reps = seats(("r0", "T0"))
    first = night(rows, reps=reps)
    before, best = nights_before(first), first["npi"].iloc[0]
    gone = night(answered(rows, best, "dismissed"), before=before, reps=reps).set_index("npi").loc[best]
    assert (gone["change"], gone["tier_before"]) == ("dropped", "A")
    assert (
        gone["reason"]
        == "dismissed by the field on 2025-06-01 (Retires: soon), until 2025-11-28 or until something changes"
    )
    back = night(answered(rows, best, "dismissed", in_force=False), before=before, reps=reps).set_index("npi").loc[best]
    assert (back["change"], back["feedback"]) == ("kept", "dismissed")
    less = night(answered(rows, best, "challenged"), before=before, reps=reps).set_index("npi").loc[best]
    assert less["calls_per_quarter"] < first["calls_per_quarter"].iloc[0]
    assert "challenged by the field on 2025-06-01" in less["reason"]
    unlisted = rows[~rows["npi"].isin(first["npi"])]["npi"].iloc[0]
    approved = (
        night(answered(rows, unlisted, "accepted", True), before=before, reps=reps).set_index("npi").loc[unlisted]
    )
    assert (approved["change"], approved["reason"]) == ("added", "approved by the manager on 2025-06-01")
    assert approved["calls_per_quarter"] >= 1
    barred = answered(rows, unlisted, "accepted", True).assign(is_withheld=rows["npi"] == unlisted)
    assert unlisted not in set(night(barred, before=before, reps=reps)["npi"])


def test_whoever_leaves_has_a_reason_and_gates_are_not_named():
    rows = candidates(300, territories=1)
    reps = seats(("r0", "T0"))
    first = night(rows, reps=reps)
    customer, barred, retired, unseated = first["npi"].iloc[:4]
    before = nights_before(first)
    before.loc[before["npi"] == customer, "first_order_on"] = pd.Timestamp("2025-06-15")
    before.loc[before["npi"] == retired, "is_active"] = False
    left = rows[~rows["npi"].isin([customer, retired])].assign(
        is_withheld=lambda frame: frame["npi"] == barred,
        territory_id=lambda frame: frame["territory_id"].where(frame["npi"] != unseated, "T9"),
    )
    reasons = night(left, scores(rows), before, reps).query("change == 'dropped'").set_index("npi")["reason"]
    assert reasons.to_dict() == {
        customer: "a customer since the first order of 2025-06-15", barred: "may not be called at present",
        retired: "no longer in practice", unseated: "no rep sits in territory T9",
    }  # fmt: skip


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
