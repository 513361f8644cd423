"""The lake as the border fills it: immutable versions, and below `raw` exactly the versions in use.

    lake/versions/<source>/<table>/<content>-<contract>.parquet   written once
    lake/raw/<source>/<table>/                                    hard links to the versions in use, and `_empty.parquet`
    lake/quarantine/<source>/<table>/<content>-<contract>.parquet bad rows of the version of that name
    lake/scratch/<source>/                                        gone when the source is through

Belongs here: paths, links and sweeping. Does not belong here: which version is in use.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from dagster_project.ingest.catalog import Record

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

    def is_whole(self, record: Record) -> bool:
        """True when the version of an accepted record lies in the lake as it was written."""
        path = self.version(*record.place)
        return path.exists() and path.stat().st_size == record.version_size

    def has_empty(self, table: str) -> bool:
        return (self.raw / table / EMPTY).exists()

    def link(self, table: str, wanted: set[str]) -> None:
        """Makes `raw/<table>` hold the wanted versions and no other."""
        folder = self.raw / table
        folder.mkdir(parents=True, exist_ok=True)
        present = {path.name for path in folder.iterdir()} - {EMPTY}
        for name in wanted - present:
            part = self.scratch / name
            try:
                os.link(self.version(table, name), part)
            except OSError:
                shutil.copy2(self.version(table, name), part)
            os.replace(part, folder / name)
        for name in present - wanted:
            (folder / name).unlink()

    def sweep(self, used: set[tuple[str, str]]) -> None:
        """Removes versions, and what was quarantined of them, that no file of the landing zone stands for any more."""
        for root in (self.versions, self.quarantine):
            for path in root.glob("*/*.parquet"):
                if (path.parent.name, path.name) not in used:
                    path.unlink()
