"""What a file as a whole must look like: bounds on the measures of its profile, each with its reason.

Belongs here: the form of a threshold and those that every contract has. Does not belong here: how a measure is taken
(`profile`, `drift`), who judges it (`expectations`), and the thresholds of one source (its own module).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from dagster_project.ingest.kinds import NPI

# (measure, column) -> value; the column is empty where the measure is of the whole file.
Profile = dict[tuple[str, str], float]

EVERY_COLUMN = "*"
# Fewer cells than these say nothing about a rate, fewer rows nothing about a rise, fewer slips nothing about their cause.
LEAST_CELLS = 20
LEAST_ROWS = 10
LEAST_SLIPS = 5


@dataclass(frozen=True)
class Threshold:
    """Bounds of one measure. `fail` refuses the file unless a named person approves it; `warn` is said and goes on.

    `share_of` makes the measure a share of rows: SQL that is true, false, or null for a row that does not count.
    """

    measure: str
    because: str
    column: str = ""
    at_least: float | None = None
    at_most: float | None = None
    severity: Literal["fail", "warn"] = "fail"
    share_of: str | None = None

    @property
    def name(self) -> str:
        """How overrides, checks and people call it."""
        return f"{self.column}.{self.measure}" if self.column else self.measure

    @property
    def allowed(self) -> str:
        """The bounds in words."""
        if self.at_least is not None and self.at_most is not None:
            return f"between {written(self.at_least)} and {written(self.at_most)}"
        return (
            f"at most {written(self.at_most or 0)}" if self.at_least is None else f"at least {written(self.at_least)}"
        )


def holds(measure: str, share_of: str, because: str, at_least: float = 0.5) -> Threshold:
    """A relation between columns that holds by its nature; where it fails in every second row, columns changed places."""
    return Threshold(measure, because, at_least=at_least, share_of=share_of)


def common(tolerated_share: float, tolerated_because: str, allows_no_rows: bool) -> tuple[Threshold, ...]:
    """What every contract asks of a file."""
    rows = () if allows_no_rows else (Threshold("rows", "a file of which no row can be used is broken", at_least=1),)
    return (
        *rows,
        Threshold("quarantined_share", tolerated_because, at_most=tolerated_share),
        Threshold(
            "rule_share",
            "one row in a hundred that breaks the same rule is no slip: something changed upstream",
            EVERY_COLUMN,
            at_most=0.01,
            severity="warn",
        ),
        Threshold(
            "repeated_share",
            "repeated rows count once; one in a hundred means that an export was pasted together",
            at_most=0.01,
            severity="warn",
        ),
        Threshold(
            "valid_share",
            "where more than half of the cells cannot be read, another column's values stand there",
            EVERY_COLUMN,
            at_least=0.5,
        ),
        Threshold(
            "valid_against_accepted",
            "cells that could be read and now cannot belong to another column, or are written in another way",
            EVERY_COLUMN,
            at_least=0.5,
        ),
        Threshold(
            "rows_against_accepted",
            "a tenth of the rows is a cut export, three times as many a doubled one or another extract",
            at_least=0.1,
            at_most=3,
        ),
        Threshold(
            "distinct_against_accepted",
            "a key with a tenth of its values was filled down or cut, however many rows there are",
            EVERY_COLUMN,
            at_least=0.1,
        ),
        Threshold(
            "filled_against_accepted",
            "a column that was filled and now is nearly empty was lost on the way",
            EVERY_COLUMN,
            at_least=0.1,
            severity="warn",
        ),
        Threshold(
            "years_until_release",
            "a year cannot be published before it has begun: name or folder tell the wrong one",
            at_least=0,
            severity="warn",
        ),
        Threshold(
            "months_missing",
            "a month without a row between busy ones was not delivered, and its volume reads as zero",
            at_most=0,
            severity="warn",
        ),
    )


def valid_npis(column: str) -> tuple[Threshold, ...]:
    """A CRM's NPIs are kept whatever they are; how many are true tells a careless field, or another column."""
    share = f"case when {column} is not null then ({NPI.value(column)}) is not null end"
    because = "three in ten NPIs that do not exist are more than slips of the pen"
    return (Threshold("valid_share", because, column, at_least=0.7, severity="warn", share_of=share),)


def hand_kept() -> tuple[Threshold, ...]:
    """Lists that a person keeps by hand hold what they mean to hold, however much longer they grow in a day."""
    return (
        Threshold(
            "rows_against_accepted",
            "a person keeps this list and may change it at will; this much at once is worth a look",
            at_least=0.1,
            at_most=3,
            severity="warn",
        ),
    )


MISSING_YEARS = Threshold(
    "years_missing",
    "a year without its file would read as a year without business; deliver the missing one first",
    at_most=0,
)


def needed_column(column: str) -> Threshold:
    """A column on which much rests: a file in which it runs empty is refused, not only remarked."""
    return Threshold(
        "filled_against_accepted",
        "much rests on this column: it was filled in the accepted version and is nearly empty here",
        column,
        at_least=0.1,
    )


def suite(common: Iterable[Threshold], own: Iterable[Threshold]) -> tuple[Threshold, ...]:
    """All thresholds of a layout; its own take the place of common ones on the same measure and column."""
    own = tuple(own)
    stated = {(one.measure, one.column) for one in own}
    return (*(one for one in common if (one.measure, one.column) not in stated), *own)


def applied(thresholds: Iterable[Threshold], profile: Profile) -> list[tuple[Threshold, float]]:
    """Each threshold with the value that it bounds; what holds for every column gives way to what is stated of one."""
    thresholds, found = tuple(thresholds), []
    for (measure, column), value in profile.items():
        of_measure = [one for one in thresholds if one.measure == measure]
        fitting = [one for one in of_measure if one.column == column]
        if not fitting and column:
            fitting = [replace(one, column=column) for one in of_measure if one.column == EVERY_COLUMN]
        found += [(one, value) for one in fitting]
    return found


def written(value: float) -> str:
    """A measure as a person writes it; a year gets no comma."""
    if value != int(value):
        return f"{value:,.4g}"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
