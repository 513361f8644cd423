"""A territory is judged against its opportunity, its workload and its rep's time in seat, on companies with a sealed truth."""

import numpy as np
import pandas as pd
import pytest

from models_ml.territories import OUTPUTS, judge_territories
from tests.models_ml.territory_world import AS_OF, Plan, frames

DAY = AS_OF.date()


def verdicts(seed: int, plan: Plan) -> pd.DataFrame:
    return judge_territories(*frames(seed, plan), as_of=DAY)["verdicts"].set_index("territory_id")


def flagged(table: pd.DataFrame) -> set[str]:
    return set(table.index[table["is_underperforming"].fillna(False)])


def test_where_nobody_underperforms_hardly_any_night_has_a_flag():
    """One night in ten may; of 21 no more than five do but once in 100 times."""
    nights = [flagged(verdicts(seed, Plan(territories=8 + 4 * (seed % 3), deviation=0.25))) for seed in range(21)]
    assert sum(bool(names) for names in nights) <= 5


def test_who_takes_a_quarter_of_what_the_territory_holds_is_found():
    plan = Plan(territories=16, underperforming=(1, 9), factor=0.25)
    nights = [flagged(verdicts(seed, plan)) for seed in range(100, 108)]
    assert np.mean([("T01" in names) + ("T09" in names) for names in nights]) >= 1.2
    assert sum(len(names - {"T01", "T09"}) for names in nights) <= 2


def test_little_opportunity_a_new_rep_and_an_empty_chair_are_no_underperformance():
    plan = Plan(territories=14, small=(0, 1), new=(2,), vacant=(3,))
    for seed in range(200, 203):
        table = verdicts(seed, plan)
        assert not flagged(table) & {"T02", "T03"}
        assert "in seat for 2 months" in table.loc["T02", "why"]
        assert table.loc["T03", "why"].startswith("Vacant: nobody sits here")
        assert table.loc[["T02", "T03"], "q_value"].isna().all()
        # Their expectation is told all the same, and a small territory is expected to take little.
        assert table["expected_usd"].notna().all()
        assert table.loc[["T00", "T01"], "expected_usd"].max() < table["expected_usd"].median()
        assert len(flagged(table) & {"T00", "T01"}) == 0


def test_the_verdict_says_what_was_taken_what_was_expected_and_how_sure_that_is():
    table = verdicts(7, Plan(territories=16, underperforming=(5,), factor=0.1))
    row = table.loc["T05"]
    assert row["is_underperforming"]
    assert row["q_value"] <= 0.10
    assert row["observed_usd"] < row["lower_usd"] < row["expected_usd"] < row["upper_usd"]
    for number in (row["observed_usd"], row["expected_usd"], row["lower_usd"], row["upper_usd"]):
        assert f"{number:,.0f}" in row["why"]
    assert "12 months to June 2026" in row["why"]


def test_the_interval_holds_what_it_says():
    tables = [verdicts(seed, Plan(deviation=0.2)) for seed in range(300, 308)]
    inside = pd.concat([t["observed_usd"].between(t["lower_usd"], t["upper_usd"]) for t in tables])
    assert 0.84 <= inside.mean() <= 0.97


def test_a_team_that_is_low_throughout_is_found_and_the_whole_company_has_no_yardstick():
    found, others = 0, 0
    for seed in range(400, 405):
        months, teams = frames(seed, Plan(territories=16, team_of_four_takes=0.4))
        everyone = teams.assign(manager_id="TOP")
        told = judge_territories(months, pd.concat([teams, everyone]), as_of=DAY)["manager_verdicts"].set_index(
            "manager_id"
        )
        flags = flagged(told)
        found += "M0" in flags
        others += len(flags - {"M0"})
        assert pd.isna(told.loc["TOP", "is_underperforming"])
        assert "too few are left to compare it with" in told.loc["TOP", "why"]
    assert found >= 4
    assert others <= 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"orders": 0, "orders_usd": 0.0}, "no activated order is known"),
        ({"potential_usd": np.nan}, "no focus volume of its providers is known"),
        ({"is_overlay": True}, "An overlay"),
        ({"reps_in_seat": 2}, "several reps share the seat"),
        ({"is_served_from_elsewhere": True}, "serves another territory too"),
    ],
)
def test_what_the_data_cannot_tell_is_said(change, reason):
    months, teams = frames(1, Plan())
    table = judge_territories(months.assign(**change), teams, as_of=DAY)["verdicts"]
    assert table["why"].str.contains(reason).all()
    assert table["is_underperforming"].isna().all()


def test_short_histories_and_few_territories_are_not_judged():
    assert verdicts(1, Plan(months=4))["why"].str.contains("known for 4 months only").all()
    assert verdicts(1, Plan(territories=5))["why"].str.contains("5 territories can be compared; 6 are needed").all()
    assert verdicts(1, Plan(months=9))["p_value"].notna().all()


def test_the_running_month_is_left_out_and_the_order_of_rows_does_not_matter():
    months, teams = frames(2, Plan())
    running = months[months["month"] == months["month"].max()].assign(month=pd.Timestamp(2026, 7, 1), orders_usd=0.0)
    whole = judge_territories(months, teams, as_of=DAY)
    again = judge_territories(
        pd.concat([running, months]).sample(frac=1, random_state=3),
        teams.sample(frac=1, random_state=4),
        as_of=pd.Timestamp(2026, 7, 20).date(),
    )
    for table in OUTPUTS:
        pd.testing.assert_frame_equal(whole[table], again[table])


def test_without_any_month_there_are_empty_tables_with_their_columns():
    months, teams = frames(1, Plan())
    for table, columns in judge_territories(months[:0], teams[:0], as_of=DAY).items():
        assert len(columns) == 0
        assert list(columns.columns) == list(OUTPUTS[table])
