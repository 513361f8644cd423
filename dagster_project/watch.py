"""Watching the landing zone: which files lie there, how large and how old, without opening any.

Belongs here: what is cheap enough to do every few seconds. Not here: what is in a file (`ingest`), what follows from it (`wanted`).
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from dagster_project.ingest.contents import SOURCES, Source
from dagster_project.ingest.recognise import find_files

Looks = dict[str, str]
EVERYTHING = "company"  # what a company says of itself steers every table


def look(landing: Path) -> Looks:
    """A fingerprint of each source's files by path, size and time; the same as long as nobody touches them.

    Files that the border does not read, temporary and hidden ones among them, do not count.
    """
    return {source.name: _fingerprint(source, landing) for source in SOURCES if source.root is None}


def digest(looks: Looks) -> str:
    """One short name for the whole landing zone as it lies there."""
    return hashlib.sha256(json.dumps(looks, sort_keys=True).encode()).hexdigest()[:16]


def _fingerprint(source: Source, landing: Path) -> str:
    seen = []
    for path in _files(source, landing):
        try:
            found = path.stat()
        except OSError:  # gone or shut since it was listed: told by its absence
            continue
        seen.append((path.relative_to(landing).as_posix(), found.st_size, found.st_mtime_ns))
    return hashlib.sha256(json.dumps(sorted(set(seen))).encode()).hexdigest()[:16]


def _files(source: Source, landing: Path) -> Iterator[Path]:
    yield from (path for _, path in find_files(source, landing))
    if source.name == EVERYTHING:  # hand-kept files that other sources' readers open
        yield from (
            path for path in (landing / source.folder).glob("*.yml") if not path.name.startswith((".", "~", "_"))
        )
