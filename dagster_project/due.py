"""Which night was due last, and which day a refresh speaks of by the clock.

Belongs here: the hour of the night and the arithmetic of days in the company's time zone.
Not here: who starts a night (`definitions`, `sensors`), and what a night does.
"""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dagster_project.company import company_of

NIGHT_HOUR = 2
NIGHTLY = f"0 {NIGHT_HOUR} * * *"
# By then a night should have published: whoever looks in the morning finds it, or finds that it is missing.
MORNING_HOUR = 6
EVERY_MORNING = f"0 {MORNING_HOUR} * * *"


def zone_of(landing: Path) -> ZoneInfo:
    """The company's time zone, in which its nights are counted."""
    return ZoneInfo(company_of(landing)["timezone"])


def night_due(now: datetime, zone: ZoneInfo) -> date:
    """The day of the last night that was due at `now`; until two o'clock that is still yesterday's."""
    day = now.astimezone(zone).date()
    return day if now >= _night_of(day, zone) else day - timedelta(days=1)


def _night_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment of a day's night, as Dagster's scheduler has it: the later two o'clock of two, the moment after a skipped one."""
    return max(datetime.combine(day, time(NIGHT_HOUR, fold=fold), zone).astimezone(UTC) for fold in (0, 1))


def is_of_its_time(as_of: date, started_at: datetime, zone: ZoneInfo) -> bool:
    """True for a refresh that spoke of the day on which it was made; false for a replay, a sample, a day given on purpose."""
    return as_of in (night_due(started_at, zone), started_at.astimezone(zone).date())
