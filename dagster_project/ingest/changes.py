"""What changed between two nights of a source, in the words of whoever reads the summary: rows, dollars, providers.

Belongs here: which release or file took the place of which, and the difference of their figures. Does not belong here: the
figures themselves (`figures`). Where a path tells a period, its newest release speaks for it whole; elsewhere a path does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dagster_project.ingest.catalog import Catalog, Record

Key = tuple[str, int | None, str | None]


@dataclass(frozen=True)
class Change:
    """One release or file. `kind`: restated (other content speaks for a period or path), late (of an earlier time than what
    was there), new or gone. Figures are differences; None where they cannot be told."""

    source: str
    table: str
    subject: str
    kind: str
    rows: int
    dollars: str | None
    providers: int | None
    how: str

    @property
    def facts(self) -> dict[str, Any]:
        return {**asdict(self), "text": str(self)}

    def __str__(self) -> str:
        figures = [_signed(self.rows, "row")]
        if self.dollars is not None:
            amount = Decimal(self.dollars)
            figures.append(f"{'−' if amount < 0 else '+'}${abs(amount):,.2f}")
        if self.providers is not None:
            figures.append(_signed(self.providers, "provider"))
        return f"{self.subject}: {self.how}: {', '.join(figures)}"


def changes_of(source: str, before: Catalog | None, after: Catalog, as_of: date) -> list[Change]:
    """Every change of `after` against the night before, as far as it speaks by then; the first night has none."""
    if before is None:
        return []
    old, new = _speaking(before.active, as_of - timedelta(days=1)), _speaking(after.active, as_of)
    newest: dict[str, str] = {}
    for record in before.active:
        newest[record.place[0]] = max(newest.get(record.place[0], ""), record.period_end or "")
    found = []
    for key in sorted(old.keys() | new.keys(), key=str):
        was, now = old.get(key, []), new.get(key, [])
        if {record.content_hash for record in was} != {record.content_hash for record in now}:
            found.append(_change(source, key, was, now, newest.get(key[0], "")))
    return found


def _speaking(records: Iterable[Record], as_of: date) -> Mapping[Key, list[Record]]:
    """The versions that count, by table and period where the path tells one, else by file; none of a later day."""
    groups: dict[Key, list[Record]] = {}
    for record in records:
        if record.told and (record.told[2] or "") > as_of.isoformat():
            continue
        period = record.told[0] if record.told else None
        groups.setdefault((record.place[0], period, None if period else record.file), []).append(record)
    newest = {key: max(map(_release, group)) for key, group in groups.items()}
    return {key: [record for record in group if _release(record) == newest[key]] for key, group in groups.items()}


def _release(record: Record) -> str:
    return (record.told[1] or "") if record.told else ""


def _change(source: str, key: Key, was: list[Record], now: list[Record], newest: str) -> Change:
    table, period, file = key
    subject = f"{source} {table.replace('_', ' ')} {period}" if period else str(file)
    kind = "restated" if was and now else "gone" if was else "new"
    if kind == "new" and "" < max(record.period_end or "" for record in now) < newest:
        kind = "late"
    return Change(
        source,
        table,
        subject,
        kind,
        sum(record.rows for record in now) - sum(record.rows for record in was),
        _difference_of_dollars(was, now),
        _difference_of_providers(was, now),
        _how(kind, was, now),
    )


def _difference_of_dollars(was: list[Record], now: list[Record]) -> str | None:
    if any(record.dollars is None for record in (*was, *now)):
        return None
    return str(sum(Decimal(r.dollars or 0) for r in now) - sum(Decimal(r.dollars or 0) for r in was))


def _difference_of_providers(was: list[Record], now: list[Record]) -> int | None:
    """None where a release lies in several files: one provider may stand in each."""
    if len(was) > 1 or len(now) > 1 or any(record.providers is None for record in (*was, *now)):
        return None
    return sum(record.providers or 0 for record in now) - sum(record.providers or 0 for record in was)


def _how(kind: str, was: list[Record], now: list[Record]) -> str:
    if kind == "gone":
        return "no longer delivered"
    if kind == "new":
        return "new"
    if kind == "late":
        first, last = now[0].period_start, now[0].period_end
        return f"came late, speaks of {_day(first)} to {_day(last)}"
    released, replaced = _named(now), _named(was)
    if released == replaced:
        return f"delivered again with other content{f' ({released})' if now[0].told and now[0].told[0] else ''}"
    return f"{released} replaces {replaced.removeprefix('release of ')}"


def _named(records: list[Record]) -> str:
    """The release in words: its day where the path tells one, else its code, else its files."""
    _, release, released_on = records[0].told or (None, None, None)
    if released_on:
        return f"release of {_day(released_on)}"
    return f"release {release}" if release else ", ".join(record.file for record in records)


def _day(day: str | None) -> str:
    return f"{date.fromisoformat(day):%-d %B %Y}" if day else "an unknown day"


def _signed(number: int, noun: str) -> str:
    sign = "−" if number < 0 else "+"
    return f"{sign}{abs(number):,} {noun}{'' if abs(number) == 1 else 's'}"
