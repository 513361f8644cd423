"""Whether the last night that was due was published: for the doctor and for the asset check of the morning.

Belongs here: the comparison of the publication with the calendar. Not here: catching up (`wanted`, and the schedule of `definitions`).
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dagster_project.due import is_of_its_time, night_due, zone_of
from dagster_project.settings import Home, Settings


@dataclass(frozen=True)
class LastNight:
    """The night that was due last, and what is published instead where it was missed."""

    is_missed: bool
    message: str


def last_night(settings: Settings, now: datetime) -> LastNight:
    """How the last night went, in words, with what to do."""
    home, zone = settings.paths, zone_of(settings.landing_zone)
    due = settings.as_of or night_due(now, zone)
    if not home.current.exists():
        return LastNight(False, "nothing is published yet")
    facts = json.loads((home.current / "manifest.json").read_text())
    day = date.fromisoformat(facts["as_of"])
    if day >= due:
        return LastNight(False, f"the last one that was due, {due:%d %B %Y}, is published")
    if settings.as_of is None and not is_of_its_time(day, _started(home, facts["refresh_id"], now), zone):
        return LastNight(False, f"the publication is of a day given on purpose, {day:%d %B %Y}; no night is awaited")
    return LastNight(
        True,
        f"the night of {due:%d %B %Y} was missed: what is published is as of {day:%d %B %Y}{_failure(home, facts['refresh_id'])}."
        " Run `fieldscope run`; where Dagster's daemon runs (`make dev`), it catches up by itself, once",
    )


def _started(home: Home, refresh_id: str, now: datetime) -> datetime:
    record = _record(home, refresh_id)
    return datetime.fromisoformat(record["started_at"]).replace(tzinfo=UTC) if record else now


def _failure(home: Home, refresh_id: str) -> str:
    """How the newest refresh after the published one ended."""
    later = sorted(
        (_record(home, path.stem) for path in (home.history / "refreshes").glob("*.json")),
        key=lambda entry: entry["started_at"],
    )
    if not later or later[-1]["refresh_id"] == refresh_id or later[-1]["status"] == "published":
        return ""
    return f"; the last refresh {later[-1]['status']}"


def _record(home: Home, refresh_id: str) -> dict:
    path = home.history / "refreshes" / f"{refresh_id}.json"
    return json.loads(path.read_text()) if path.exists() else {}
