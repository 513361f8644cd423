"""What is refreshed when: only what new files touch, everything where that would mix days, a missed night once, nothing twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dagster_project.built import Built
from dagster_project.wanted import PAUSE, SCHEDULES_TURN, Situation, wanted

ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 7, 1)
NOON = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
LOOKS = {"company": "a", "claims": "b", "salesforce": "c"}
BUILT = Built("20260701-1", TODAY, NOON - timedelta(hours=10), "1.0", LOOKS, is_of_its_time=True, published=True)
CALM = Situation(NOON, ZONE, LOOKS, BUILT, "1.0")
NEW_CRM = replace(CALM, looks={**LOOKS, "salesforce": "new"})


def test_nothing_new_wants_nothing():
    assert wanted(CALM) == "nothing new in the landing zone"


def test_a_new_crm_file_wants_what_depends_on_the_crm_for_the_day_of_the_night():
    found = wanted(NEW_CRM)
    assert (found.as_of, found.sources) == (TODAY, ("salesforce",))


@pytest.mark.parametrize(
    "change",
    [
        {"looks": {**LOOKS, "company": "new", "salesforce": "new"}},
        {"code": "1.1"},
        {"built": replace(BUILT, published=False)},
        {"built": replace(BUILT, as_of=TODAY - timedelta(days=30), is_of_its_time=False)},
    ],
    ids=[
        "the company changed too",
        "another version built the rest",
        "the last refresh failed",
        "the last was a replay",
    ],
)
def test_everything_is_refreshed_where_a_part_would_mix(change):
    found = wanted(replace(NEW_CRM, **change))
    assert (found.as_of, found.sources) == (TODAY, ())


def test_files_still_being_written_are_left_alone_and_hold_up_no_other_source():
    assert "still being written: salesforce" in wanted(replace(NEW_CRM, moving=frozenset({"salesforce"})))
    busy = replace(NEW_CRM, looks={**NEW_CRM.looks, "claims": "half"}, moving=frozenset({"claims"}))
    assert wanted(busy).sources == ("salesforce",)


def test_a_file_that_goes_is_a_change():
    assert wanted(replace(CALM, looks={**LOOKS, "claims": "one file less"})).sources == ("claims",)


def test_between_midnight_and_two_it_is_still_the_last_nights_day():
    found = wanted(replace(NEW_CRM, now=datetime(2026, 7, 2, 4, 30, tzinfo=UTC)))
    assert (found.as_of, found.sources) == (TODAY, ("salesforce",))


def test_a_clock_that_jumps_back_turns_back_no_day():
    back = replace(NEW_CRM, now=NOON - timedelta(hours=15))
    assert (wanted(back).as_of, wanted(back).sources) == (TODAY, ("salesforce",))
    assert wanted(replace(CALM, now=NOON - timedelta(hours=15))) == "nothing new in the landing zone"


def test_a_missed_night_is_left_to_its_schedule_first_and_then_caught_up_as_one():
    monday = replace(CALM, now=NOON + timedelta(days=4))
    assert "schedule has the first turn" in wanted(monday)
    assert "schedule has the first turn" in wanted(replace(monday, overdue_since=monday.now - SCHEDULES_TURN / 2))
    found = wanted(replace(monday, overdue_since=monday.now - SCHEDULES_TURN))
    assert (found.as_of, found.sources) == (TODAY + timedelta(days=4), ())


def test_a_sample_or_a_replay_misses_no_night():
    replayed = replace(BUILT, as_of=date(2026, 3, 31), is_of_its_time=False)
    assert wanted(replace(CALM, built=replayed)) == "nothing new in the landing zone"
    given = replace(NEW_CRM, given=date(2026, 3, 31), built=replayed)
    assert (wanted(given).as_of, wanted(given).sources) == (date(2026, 3, 31), ("salesforce",))


def test_what_was_not_published_is_tried_again_after_a_pause():
    failed = replace(BUILT, published=False, started_at=NOON - PAUSE / 2)
    assert "tried again" in wanted(replace(CALM, built=failed))
    found = wanted(replace(CALM, built=replace(failed, started_at=NOON - PAUSE)))
    assert (found.as_of, found.sources) == (TODAY, ())
    replay = replace(failed, as_of=date(2026, 3, 31), is_of_its_time=False, started_at=NOON - PAUSE)
    assert wanted(replace(CALM, built=replay)) == "nothing new in the landing zone", "a replay is a person's own affair"


def test_the_first_refresh_waits_until_the_landing_zone_lies_still():
    first = replace(CALM, built=None)
    assert wanted(replace(first, moving=frozenset(LOOKS))).startswith("first look")
    assert wanted(first).sources == ()
