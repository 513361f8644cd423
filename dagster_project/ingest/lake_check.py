"""Is every version in the lake still what was written? Each is read whole and hashed: for `fieldscope doctor --deep`.

Belongs here: finding what a disk has silently changed. Does not belong here: the look at size and time that every night takes
(`store`), and the cure, which is the next refresh.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dagster_project.ingest.catalog import Catalog, Record
from dagster_project.ingest.looks import hash_as_it_is
from dagster_project.ingest.nights import Nights
from dagster_project.ingest.store import Store


def damaged_versions(lake: Path) -> Iterator[tuple[Path, str]]:
    """Versions of today and of the nights that can be given again which are gone or another than was written, with their files."""
    for path in sorted((lake / "catalog").glob("*.json")):
        source = path.stem
        store, records = Store(lake, source), dict[tuple[str, str], Record]()
        nights = [night for night in Nights(lake, source).all() if not night.is_pruned]
        for night in (*nights, Catalog.of(lake, source)):
            records.update({record.place: record for record in night.active})
        for place, record in sorted(records.items()):
            version = store.version(*place)
            if not version.exists() or (record.version_hash and hash_as_it_is(version) != record.version_hash):
                yield version, record.file
