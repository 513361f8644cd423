"""What was fetched before: one small hidden JSON beside the files for each, which the border does not read.

Belongs here: remembering, and finding again. Not here: any request.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dagster_project.fetch.download import Remote
from dagster_project.fetch.wanted import Wanted


@dataclass(frozen=True)
class Entry:
    """One fetched file. The publishers give no checksum, so `sha256` is ours, of the file as it was put in place."""

    dataset: str
    year: int | None
    name: str
    file: str
    local_size: int
    sha256: str
    url: str
    modified: str | None
    etag: str | None
    last_modified: str | None
    size: int | None
    states: list[str] | None
    replaces: str | None = None

    @property
    def remote(self) -> Remote:
        return Remote(self.url, self.etag, self.last_modified, self.size)


class Ledger:
    """The entries of one folder of the landing zone; `entries` are those whose files still lie there as they were put."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        written = [entry for path in sorted(folder.glob(".*.fetched.json")) if (entry := _read(path))]
        self.places = {entry.file for entry in written}
        self.entries = {entry.name: entry for entry in written if self._is_there(entry)}
        for entry in list(self.entries.values()):
            self.drop_replaced(entry)

    def covered(self, file: Wanted) -> tuple[str, ...] | None:
        """The states to fetch so that nothing is lost: those asked for and those that an earlier fetch of this year holds.

        The newest release of a year wins whole, so a narrower one would take states away. None is the whole country.
        """
        earlier = [entry for entry in self.entries.values() if (entry.dataset, entry.year) == (file.dataset, file.year)]
        if file.states is None or any(entry.states is None for entry in earlier):
            return None
        return tuple(sorted({*file.states, *(state for entry in earlier for state in entry.states or ())}))

    def holds_name(self, name: str) -> Path | None:
        """A file of this name that somebody else put somewhere below the folder."""
        found = (
            path for path in self.folder.rglob(name) if path.relative_to(self.folder).as_posix() not in self.places
        )
        return next(found, None)

    def write(self, entry: Entry) -> None:
        path = self._path(entry.name)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(asdict(entry), indent=1), encoding="utf-8")
        os.replace(part, path)
        self.entries[entry.name] = entry

    def drop_replaced(self, entry: Entry) -> None:
        """Removes the file whose place this one took: two cuts of one release side by side would count rows twice."""
        if entry.replaces and entry.replaces != entry.file:
            (self.folder / entry.replaces).unlink(missing_ok=True)
            self.write(replace(entry, replaces=None))

    def _path(self, name: str) -> Path:
        return self.folder / f".{name}.fetched.json"

    def _is_there(self, entry: Entry) -> bool:
        path = self.folder / entry.file
        return path.is_file() and path.stat().st_size == entry.local_size


def _read(path: Path) -> Entry | None:
    try:
        return Entry(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
