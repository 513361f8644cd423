"""One night a logical date, whatever the clocks do: the hour that is skipped, the hour that comes twice, machines switched off."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from dagster_project.due import NIGHTLY, is_of_its_time, night_due

ZONES = ("America/New_York", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")


def ticks(zone: str, first: date, days: int) -> list[datetime]:
    """When Dagster's scheduler starts a night, from a day on."""
    start = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone)).timestamp()
    iterator = schedule_execution_time_iterator(start, NIGHTLY, zone, ascending=True)
    return [next(iterator).astimezone(UTC) for _ in range(days)]


@pytest.mark.parametrize("zone", ZONES)
def test_each_day_of_a_year_has_one_night_and_it_is_due_from_its_tick_on(zone):
    first = date(2026, 1, 1)
    nights = ticks(zone, first, 365)
    assert [tick.astimezone(ZoneInfo(zone)).date() for tick in nights] == [first + timedelta(n) for n in range(365)]
    for day, tick in zip((first + timedelta(n) for n in range(365)), nights, strict=True):
        assert night_due(tick, ZoneInfo(zone)) == day
        assert night_due(tick - timedelta(seconds=1), ZoneInfo(zone)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("moment", "zone", "night"),
    [
        (
            datetime(2026, 3, 8, 6, 59, tzinfo=UTC),
            "America/New_York",
            date(2026, 3, 7),
        ),  # 01:59, the next minute is 03:00
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "America/New_York", date(2026, 3, 8)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 10, 24)),  # 02:30, for the first time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 10, 25)),  # 02:30 once more
    ],
)
def test_the_hour_that_is_skipped_or_comes_twice_changes_no_day(moment, zone, night):
    assert night_due(moment, ZoneInfo(zone)) == night


def test_a_replay_is_told_from_a_refresh_of_its_day():
    zone, evening = ZoneInfo("America/New_York"), datetime(2026, 7, 2, 1, 0, tzinfo=UTC)  # 21:00 on the first
    assert is_of_its_time(date(2026, 7, 1), evening, zone)
    assert not is_of_its_time(date(2026, 6, 30), evening, zone)
    after_midnight = datetime(2026, 7, 2, 5, 0, tzinfo=UTC)
    assert is_of_its_time(date(2026, 7, 1), after_midnight, zone), "until two it is still the last night's day"
    assert is_of_its_time(date(2026, 7, 2), after_midnight, zone)
