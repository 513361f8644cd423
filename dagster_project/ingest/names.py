"""What the path of a file tells: the year it covers, its release, the day it was published.

Belongs here: the naming habits of CMS, NPPES, DocGraph and dated copies. Does not belong here: anything inside the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

_START = r"(?<![A-Za-z0-9])"
_END = r"(?![A-Za-z0-9])"
_DAY = r"(20\d{2}|19\d{2})[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])"
_YEARS = (
    re.compile(rf"{_START}PGYR(\d{{4}}){_END}", re.I),
    re.compile(rf"{_START}CY(\d{{4}}){_END}", re.I),
    re.compile(rf"{_START}D[Y]?(\d{{2}}){_END}", re.I),
)
_PUBLISHED = re.compile(rf"{_START}P(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{{4}}){_END}", re.I)
_RELEASE = re.compile(rf"{_START}RY?(\d{{2}}){_END}(?:_P(\d{{2}}){_END})?(?:_V(\d{{2}}){_END})?", re.I)
_DATED = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_SNAPSHOT = re.compile(rf"snapshot_date={_DAY}$", re.I)
_YEAR_FOLDER = re.compile(r"year=(\d{4})$", re.I)
_DAYS = re.compile(rf"{_START}days(\d{{2,3}}){_END}", re.I)
_BARE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


@dataclass(frozen=True)
class Told:
    """Year, release (sortable text) and day of publication, each None where the path does not tell."""

    period: int | None = None
    release: str | None = None
    released_on: date | None = None
    bare_year: int | None = None


def read_path(path: str) -> Told:
    """Reads the name first and the folders above it where the name is silent."""
    pure = PurePosixPath(path)
    name, folders = pure.name, pure.parts[:-1]
    period = _year_of(name)
    if period is None:
        found = [match for folder in folders if (match := _YEAR_FOLDER.match(folder))]
        period = int(found[-1][1]) if found else None
    bare = _BARE_YEAR.search(name)
    release, released_on = _release_of(name, folders)
    return Told(period, release, released_on, int(bare[1]) if bare else None)


def _year_of(name: str) -> int | None:
    for pattern in _YEARS:
        if match := pattern.search(name):
            year = int(match[1])
            return year if year > 99 else 2000 + year
    return None


def _release_of(name: str, folders: tuple[str, ...]) -> tuple[str | None, date | None]:
    if match := _PUBLISHED.search(name):
        day = _day(match[3], match[1], match[2])
        if day:
            return day.strftime("%Y%m%d"), day
    if match := _RELEASE.search(name):
        return ".".join(["20" + match[1], *(part for part in match.groups()[1:] if part)]), None
    days = [day for match in _DATED.finditer(name) if (day := _day(*match.groups()))]
    days += [
        day for folder in reversed(folders) if (match := _SNAPSHOT.match(folder)) and (day := _day(*match.groups()))
    ]
    if days:
        last = max(days) if _DATED.search(name) else days[0]
        return last.strftime("%Y%m%d"), last
    if match := _DAYS.search(name):
        return match[1].zfill(3), None
    return None, None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
