"""Drift: how a file differs from the accepted version that it follows.

Belongs here: which version that is, and the measures of the difference. Does not belong here: how much difference is borne
(`thresholds`). Only what a finished night had in use is compared with: the first night of a home has none, and a night that
was killed leaves none behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from dagster_project.ingest.catalog import Record
from dagster_project.ingest.thresholds import LEAST_ROWS, Profile

SELDOM_FILLED = 0.05
# What publishers change in a name from one release, year or copy to the next. Any other digit is a part of the file's name.
_YEAR, _MONTH, _DAY = r"(?<!\d)(?:19|20)\d{2}", r"[-_]?(?:0[1-9]|1[0-2])", r"[-_]?(?:0[1-9]|[12]\d|3[01])"
_TOLD = re.compile(
    rf"(?P<day>{_YEAR}{_MONTH}{_DAY}(?!\d))|(?P<month>{_YEAR}{_MONTH}(?!\d))|(?P<year>{_YEAR}(?!\d))"
    r"|(?<![a-z0-9])(?P<release>ry?\d{2}|p\d{2}|v\d{2}|dy?\d{2}|cy\d{4}|pgyr\d{4}|p\d{8})(?![a-z0-9])"
)
_SPAN = re.compile(r"(?<!\d)(\d{4})(\d{2})\d{2}[-_](\d{4})(\d{2})\d{2}(?!\d)")


def kind_of(file: str) -> str:
    """The path of a file without what changes from release to release: files of one kind follow each other.

    A file of a month is another kind than one of a year, and a register of one week another than the whole register.
    """
    path = PurePosixPath(file.lower())
    name = path.name.split(".")[0]
    span = _SPAN.search(name)
    months = (int(span[3]) - int(span[1])) * 12 + int(span[4]) - int(span[2]) if span else 0
    kind = _TOLD.sub(lambda told: f"#{told.lastgroup}", (path.parent / name).as_posix())
    return f"{kind} of months" if months > 1 else kind


def followed(record: Record, standing: Iterable[Record]) -> Record | None:
    """The accepted version that this file follows: of its own path, else of its kind and nearest to it in time."""
    of_table = [other for other in standing if other.table == record.table]
    own = [other for other in of_table if other.file == record.file]
    if own:
        return own[0]
    alike = [other for other in of_table if kind_of(other.file) == kind_of(record.file)]
    return max(alike, key=lambda other: _nearness(record, other), default=None)


def _nearness(record: Record, other: Record) -> tuple:
    """Fewer years apart, an earlier year before a later one, then the newest release and the last name."""
    mine, theirs = (one.told[0] if one.told else None for one in (record, other))
    years = theirs - mine if mine is not None and theirs is not None else 0
    release = (other.told[1] or "") if other.told else ""
    return -abs(years), years <= 0, release, other.file


def measures_against(profile: Profile, layout: str, before: Record) -> Profile:
    """How many times the rows, the distinct keys a row, the readable and filled cells of the accepted version this file has."""
    accepted = before.measures
    rows, rows_before = profile["rows", ""], accepted.get(("rows", ""), 0)
    if not rows_before or max(rows, rows_before) < LEAST_ROWS:
        return {}
    found: Profile = {("rows_against_accepted", ""): rows / rows_before}
    if not rows:
        return found
    for (measure, column), value in accepted.items():
        if measure == "distinct" and value and ("distinct", column) in profile:
            found["distinct_against_accepted", column] = (profile["distinct", column] / rows) / (value / rows_before)
        if measure == "valid_share" and value and ("valid_share", column) in profile:
            found["valid_against_accepted", column] = profile["valid_share", column] / value
        # Another layout has other columns, which is said where the header is matched.
        if measure == "empty_share" and 1 - value >= SELDOM_FILLED and layout == before.layout:
            found["filled_against_accepted", column] = (1 - profile.get((measure, column), 1)) / (1 - value)
    return found
