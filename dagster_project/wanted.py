"""What should be refreshed now: a decision from a look at the landing zone, the last refresh and the clock.

Belongs here: the rules, as one function without Dagster, files or a clock of its own. Not here: who asks (`sensors`) and who
runs (`definitions`). Whatever was not published stays wanted, so no arrival is lost; what was published is not, so none counts twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dagster_project.built import Built
from dagster_project.due import night_due
from dagster_project.watch import EVERYTHING, Looks

# The night's own schedule comes first: Dagster starts the newest night that it missed within this time.
SCHEDULES_TURN = timedelta(minutes=5)
# What failed or was killed is tried again by itself, but not at once.
PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Situation:
    """What is known at one moment."""

    now: datetime
    zone: ZoneInfo
    looks: Looks
    built: Built | None
    code: str
    given: date | None = None
    moving: frozenset[str] = frozenset()
    overdue_since: datetime | None = None

    @property
    def day(self) -> date:
        """The day of which a refresh started now would speak: given, or the last night's; a clock set back turns back no day."""
        due = self.given or night_due(self.now, self.zone)
        ahead = self.built.as_of if self.built and self.built.is_of_its_time and not self.given else due
        return ahead if due < ahead <= due + timedelta(days=1) else due

    @property
    def is_overdue(self) -> bool:
        """True when the last refresh, made by the clock, is of an earlier day than the last night: that one was missed."""
        built = self.built
        return bool(built and built.is_of_its_time and not self.given and built.as_of < self.day)

    @property
    def changed(self) -> list[str]:
        """Sources whose files are not those that the last refresh read, and lie still."""
        known = self.built.looks if self.built else {}
        return [name for name, seen in self.looks.items() if known.get(name) != seen and name not in self.moving]


@dataclass(frozen=True)
class Wanted:
    """A refresh that should run: of which day, of which sources (none named: of everything), and why."""

    as_of: date
    because: str
    sources: tuple[str, ...] = field(default=())


def wanted(at: Situation) -> Wanted | str:
    """The refresh that should run now, or why none should."""
    built, changed = at.built, at.changed
    if at.is_overdue:
        if at.overdue_since is None or at.now - at.overdue_since < SCHEDULES_TURN:
            return f"the night of {at.day} is due: its schedule has the first turn"
        return Wanted(at.day, f"the night of {at.day} was missed")
    if built is None:
        waits = f"; still being written: {_listed(at.moving)}"
        return f"first look{waits}" if at.moving else Wanted(at.day, "nothing was published from this landing zone yet")
    if changed:
        if built.carries(at.day, at.code) and EVERYTHING not in changed:
            return Wanted(at.day, f"new files: {_listed(changed)}", tuple(changed))
        return Wanted(at.day, f"new files: {_listed(changed)}; everything is refreshed for {at.day}")
    if at.moving & {name for name, seen in at.looks.items() if built.looks.get(name) != seen}:
        return f"still being written: {_listed(at.moving)}"
    if built.published or not (built.is_of_its_time or built.as_of == at.given):
        return "nothing new in the landing zone"
    if at.now - built.started_at < PAUSE:
        return f"refresh {built.refresh_id} was not published; it is tried again in {PAUSE.seconds // 60} minutes"
    return Wanted(at.day, f"refresh {built.refresh_id} was not published")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
