"""What earlier nights had in use: of each source the catalog as it stood, kept where it differs from the night before.

    lake/catalog/nights/<source>/<as_of>.json

Belongs here: which catalog a night of some `as_of` goes by. Does not belong here: the versions themselves (`store`) and how
long they are kept (`prune`). A past night that was recorded is replayed with what it had in use, whatever has become of the
landing zone since; one that was not recorded reads today's files.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from dagster_project.ingest.catalog import Catalog, Record


class Nights:
    """The recorded nights of one source."""

    def __init__(self, lake: Path, source: str) -> None:
        self.folder = lake / "catalog" / "nights" / source

    def all(self) -> Iterator[Catalog]:
        """Every recorded night, the oldest first."""
        return (Catalog(path) for path in sorted(self.folder.glob("*.json")))

    def last(self, day: date, is_included: bool = True) -> Catalog | None:
        """The last night recorded up to `day`, or before it."""
        until = day.isoformat()
        days = [
            path for path in self.folder.glob("*.json") if path.stem < until or (is_included and path.stem == until)
        ]
        return Catalog(max(days)) if days else None

    def record(self, catalog: Catalog, day: date) -> None:
        """Keeps tonight's catalog where it differs from the last one; whatever was recorded of later days never came."""
        for path in self.folder.glob("*.json"):
            if path.stem > day.isoformat():
                path.unlink()
        last = self.last(day)
        if last is None or last.is_pruned or last.written != catalog.written:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / "part"
            shutil.copyfile(catalog.path, part)
            part.replace(self.folder / f"{day.isoformat()}.json")

    def adopt(self, rewritten: dict[tuple[str, str | None], Record]) -> None:
        """Points every night to the newer reading of the same content: (file, content hash) -> record."""
        for night in self.all():
            for name, record in night.records.items():
                if record.status == "accepted" and (newer := rewritten.get((name, record.content_hash))):
                    night.records[name] = newer
                elif record.previous and (newer := rewritten.get((name, record.previous["content_hash"]))):
                    night.records[name] = replace(record, previous=vars(newer))
            night.save()


def in_use(lake: Path, source: str, as_of: date) -> Catalog:
    """The catalog that a night of `as_of` goes by: today's, or that of the last night recorded by then."""
    today = Catalog.of(lake, source)
    if today.as_of is None or as_of.isoformat() >= today.as_of:
        return today
    night = Nights(lake, source).last(as_of)
    return today if night is None or night.is_pruned else night
