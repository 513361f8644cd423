"""`fieldscope prune`: versions of files that no night needs any more leave the lake.

Belongs here: which of a file's versions are among its newest. Not here: how a version lies on the disk (`ingest.store`).
What is in use, and what the manifest of a kept release names, always stays.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from dagster_project.ingest.catalog import Catalog
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.nights import Nights
from dagster_project.ingest.store import Store
from dagster_project.settings import Home, Settings

Place = tuple[str, str]


@dataclass
class Pruned:
    """What left the lake of one source, or would leave it; `nights` can no longer be given again as they were."""

    source: str
    versions: int = 0
    freed: int = 0
    nights: list[str] = field(default_factory=list)


def prune(home: Home, keep: int, is_dry_run: bool = False) -> list[Pruned]:
    """Removes all but the newest `keep` versions of every file, the one in use counted; one that is gone counts as one."""
    named = _named_by_releases(home)
    found = [
        _prune_source(home.lake, source.name, keep, named.get(source.name, set()), is_dry_run) for source in SOURCES
    ]
    return [pruned for pruned in found if pruned.versions]


def prune_home(settings: Settings, keep: int, is_dry_run: bool) -> list[Pruned]:
    """The same under the home's lock, so that no refresh reads what goes."""
    from dagster_project.refresh import refresh_lock, today

    home = settings.paths
    home.prepare()
    with refresh_lock(home.lock, today(settings.landing_zone)):
        return prune(home, keep, is_dry_run)


def report(console: Console, pruned: list[Pruned], is_dry_run: bool) -> None:
    """One line a source, and what it gives."""
    for source in pruned:
        nights = f"; nights not given again as they were: {', '.join(source.nights)}" if source.nights else ""
        console.print(f"{source.source}: {source.versions:,} versions, {source.freed:,} bytes{nights}", highlight=False)
    freed = sum(source.freed for source in pruned)
    console.print(f"{'Would free' if is_dry_run else 'Freed'} {freed:,} bytes.", highlight=False)


def _prune_source(lake: Path, source: str, keep: int, named: set[str], is_dry_run: bool) -> Pruned:
    store, today = Store(lake, source), Catalog.of(lake, source)
    nights = list(Nights(lake, source).all())
    kept = set(_newest([*nights, today], keep))
    going = {place for place in store.places() if place not in kept and place[1].split("-")[0] not in named}
    pruned = Pruned(source, len(going), sum(store.size(*place) for place in going))
    for night in nights:
        if not night.is_pruned and any(record.place in going for record in night.active):
            pruned.nights.append(night.path.stem)
            night.is_pruned = True
            if not is_dry_run:
                night.save()
    if not is_dry_run:
        for place in going:
            store.discard(*place)
    return pruned


def _newest(nights: Iterable[Catalog], keep: int) -> Iterator[Place]:
    """The places of each file's newest versions; `nights` run from the oldest to today."""
    used: dict[str, list[Place | None]] = {}
    for night in nights:
        here = {record.file: record.place for record in night.active}
        for file in used.keys() | here.keys():
            versions = used.setdefault(file, [])
            if (place := here.get(file)) in versions:
                versions.remove(place)
            versions.append(place)
    for versions in used.values():
        # That a file was not there counts only where it is not there today.
        told = [place for place in versions[:-1] if place is not None] + versions[-1:]
        yield from (place for place in told[-keep:] if place is not None)


def _named_by_releases(home: Home) -> dict[str, set[str]]:
    """By source, the beginnings of the versions that kept releases were made from."""
    named: dict[str, set[str]] = {}
    for path in home.releases.glob("*/manifest.json"):
        for source, files in json.loads(path.read_text(encoding="utf-8")).get("versions", {}).items():
            named.setdefault(source, set()).update(content[:16] for content in files.values())
    return named
