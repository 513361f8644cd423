"""From night to night the list stays as it was unless something is clearly better, and every change says why."""

import re

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models_ml.list_world import (
    candidates,
    night,
    nights_before,
    place,
    scores,
    seats,
    share_changed,
)


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
