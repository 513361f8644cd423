"""The lake as the border fills it: immutable versions, and below `raw` exactly the versions in use.

    lake/versions/<source>/<table>/<content>-<contract>.parquet   written once
    lake/raw/<source>/<table>/                                    hard links to the versions in use, and `_empty.parquet`
    lake/quarantine/<source>/<table>/<content>-<contract>.parquet bad rows of the version of that name
    lake/scratch/<source>/                                        gone when the source is through

Versions that are no longer in use stay for the replay of past nights until `fieldscope prune`.
Belongs here: paths, links, wholeness. Does not belong here: which version is in use (`border`) or may go (`prune`).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from dagster_project.ingest.catalog import Record
from dagster_project.ingest.looks import Look, hash_as_it_is, look_at

EMPTY = "_empty.parquet"


class Store:
    """The folders of one source."""

    def __init__(self, lake: Path, source: str) -> None:
        self.raw = lake / "raw" / source
        self.versions = lake / "versions" / source
        self.quarantine = lake / "quarantine" / source
        self.scratch = lake / "scratch" / source

    def open_scratch(self) -> None:
        self.close_scratch()
        self.scratch.mkdir(parents=True)

    def close_scratch(self) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)

    def version(self, table: str, name: str) -> Path:
        return self.versions / table / name

    def seal(self, record: Record) -> None:
        """Accepts the version just written: how it looks and its hash tell later whether it is still that one."""
        path = self.version(*record.place)
        found = path.stat()
        record.version_size, record.version_mtime_ns = found.st_size, found.st_mtime_ns
        record.version_hash, record.status = hash_as_it_is(path), "accepted"

    def is_whole(self, record: Record) -> bool:
        """True when the version of an accepted record lies in the lake as it was written; hashed only where its time differs."""
        look = look_at(self.version(*record.place))
        if look is None or look.size != record.version_size:
            return False
        if look.mtime_ns == record.version_mtime_ns or not record.version_hash:
            return True
        is_same = hash_as_it_is(self.version(*record.place)) == record.version_hash
        record.version_mtime_ns = look.mtime_ns if is_same else record.version_mtime_ns
        return is_same

    def has_empty(self, table: str) -> bool:
        return (self.raw / table / EMPTY).exists()

    def link(self, table: str, wanted: set[str]) -> None:
        """Makes `raw/<table>` hold the wanted versions and no other."""
        folder = self.raw / table
        folder.mkdir(parents=True, exist_ok=True)
        present = {path.name: look_at(path) for path in folder.iterdir() if path.name != EMPTY}
        for name in sorted(wanted):
            version = self.version(table, name)
            if name in present and _is_same_file(present[name], look_at(version)):
                continue
            part = self.scratch / name
            try:
                os.link(version, part)
            except OSError:
                shutil.copy2(version, part)
            os.replace(part, folder / name)
        for name in present.keys() - wanted:
            (folder / name).unlink()

    def places(self) -> list[tuple[str, str]]:
        """Table and name of every version in the lake, with what killed runs left half written."""
        return sorted((path.parent.name, path.name) for path in self.versions.glob("*/*"))

    def size(self, table: str, name: str) -> int:
        """Bytes of a version and of what was quarantined of it."""
        return sum(path.stat().st_size for path in self._files(table, name))

    def discard(self, table: str, name: str) -> None:
        """Removes a version and what was quarantined of it."""
        for path in self._files(table, name):
            path.unlink()

    def _files(self, table: str, name: str) -> list[Path]:
        return [path for path in (self.version(table, name), self.quarantine / table / name) if path.exists()]


def _is_same_file(link: Look | None, version: Look | None) -> bool:
    """True for a hard link to the version, or for a copy of it as old as itself."""
    if link is None or version is None:
        return False
    return link.inode == version.inode or (link.size, link.mtime_ns) == (version.size, version.mtime_ns)
