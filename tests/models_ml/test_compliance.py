"""The audit of plans on field forces of known guilt: it finds the red flags that were planted, and hardly anything where none was."""

import json

import numpy as np
import pandas as pd
import pytest

from models_ml.compliance import OUTPUTS, audit_plans
from tests.models_ml.plan_world import PlanWorld, make

SETTINGS = pd.Series({"calls_per_provider_per_quarter": 13})
SEEDS = range(6)


def findings(world: PlanWorld) -> pd.DataFrame:
    return audit_plans(world.plan, world.providers, world.calls, settings=SETTINGS)["findings"]


def flagged(found: pd.DataFrame, *subjects: str) -> set[tuple[str, str]]:
    rows = found[found["is_flagged"] & (found["subject_type"].isin(subjects) if subjects else True)]
    return set(zip(rows["rule"], rows["subject_id"], strict=True))


@pytest.fixture(scope="module")
def guilty() -> list[tuple[PlanWorld, pd.DataFrame]]:
    return [(world, findings(world)) for world in (make(seed) for seed in SEEDS)]


@pytest.fixture(scope="module")
def clean() -> list[pd.DataFrame]:
    return [findings(make(seed, has_flags=False)) for seed in SEEDS]


def test_planted_red_flags_are_found(guilty):
    planted = sum(len(world.flags) for world, _ in guilty)
    found = sum(len(flagged(table) & world.flags) for world, table in guilty)
    false = sum(len(flagged(table) - world.flags) for world, table in guilty)
    assert {rule for world, _ in guilty for rule, _ in world.flags} == {
        "high_prescriber_focus", "calls_follow_payments", "off_label_specialty", "repeated_paid_attendance", "call_frequency",
    }  # fmt: skip
    assert found / planted >= 0.95
    assert found / (found + false) >= 0.9


def test_a_clean_plan_has_at_most_one_flag_in_a_hundred(clean):
    """Also on our own list, which is made as if by scores that know nothing of payments."""
    judged = sum(len(table) for table in clean)
    assert sum(len(flagged(table)) for table in clean) <= judged / 100
    lists = pd.concat([table[table["subject_type"] == "list"] for table in clean])
    assert len(lists) > 200
    assert lists["is_flagged"].mean() <= 0.01


def test_a_list_of_ours_that_goes_after_whom_we_pay_is_found():
    world = make(3, has_flags=False)
    paid = world.providers.set_index("npi")["own_payments_36m_usd"] > 0
    plan = world.plan.copy()
    here = plan["territory_id"] == "T5"
    plan.loc[here, "calls_per_quarter"] = np.where(plan.loc[here, "npi"].map(paid), 6, 0.2)
    found = audit_plans(plan, world.providers, world.calls, settings=SETTINGS)["findings"]
    assert ("calls_follow_payments", "T5") in flagged(found, "list")
    assert flagged(found, "list") - flagged(findings(world), "list") == {("calls_follow_payments", "T5")}


def test_a_flag_says_what_was_seen_and_what_is_usual(guilty):
    _, found = guilty[0]
    shares = found[found["is_flagged"] & (found["subject_type"] == "rep")]
    for row in shares.itertuples():
        told = json.loads(row.evidence)
        assert told["calls_to_group"] / told["calls"] == pytest.approx(row.observed, abs=0.01)
        assert row.observed > row.expected
        assert row.q_value <= 0.05
    often = found[found["rule"] == "call_frequency"]
    assert often["q_value"].isna().all()
    assert (often["observed"] > often["expected"]).all()


def test_planned_calls_beyond_the_cap_are_a_breach_of_the_list():
    world = make(1, has_flags=False)
    plan = world.plan.copy()
    npi = plan["npi"].iloc[0]
    plan.loc[plan["npi"] == npi, "calls_per_quarter"] = 14
    found = audit_plans(plan, world.providers, world.calls, settings=SETTINGS)["findings"]
    assert ("call_frequency", npi) in flagged(found, "provider")


def test_few_plans_and_no_plans_are_not_judged():
    world = make(1, reps=3)
    found = findings(world)
    assert not found["subject_type"].isin(["rep", "list"]).any()
    nothing = audit_plans(world.plan.head(0), world.providers.head(0), world.calls.head(0), settings=SETTINGS)[
        "findings"
    ]
    assert list(nothing.columns) == list(OUTPUTS["findings"])
    assert len(nothing) == 0
    quiet = audit_plans(world.plan.head(0), world.providers, world.calls.head(0), settings=SETTINGS)["findings"]
    assert set(quiet["rule"]) <= {"repeated_paid_attendance"}


def test_the_order_and_the_types_of_columns_change_nothing():
    world = make(2)
    shuffled = audit_plans(
        world.plan.sample(frac=1, random_state=1).convert_dtypes(), world.providers.sample(frac=1, random_state=1).convert_dtypes(),
        world.calls.sample(frac=1, random_state=1).convert_dtypes(), settings=SETTINGS,
    )["findings"]  # fmt: skip
    keys = ["rule", "subject_type", "subject_id"]
    one, other = (table.sort_values(keys, ignore_index=True) for table in (findings(world), shuffled))
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)
