"""The persistent record of what the border has seen: one JSON file a source.

Belongs here: which file had which content, verdict and version. Does not belong here: the verdict itself (`border`), what
earlier nights had in use (`nights`) and what people read of it (`told`). Only what is true of one landing zone is recorded, so the same landing zone gives the
same tables.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster_project.ingest.looks import Look

SECONDS_AT_RISK = 2.0


@dataclass
class Record:
    """One file of the landing zone as it was last judged. `status`: accepted, repeated, refused or unrecognised."""

    file: str
    size: int
    mtime_ns: int
    fingerprint: str
    status: str
    table: str | None = None
    content_hash: str | None = None
    version: str | None = None
    version_size: int = 0
    version_mtime_ns: int = 0
    version_hash: str = ""
    rows: int = 0
    dollars: str | None = None
    providers: int | None = None
    repeated_rows: int = 0
    quarantined: dict[str, tuple[int, str]] = field(default_factory=dict)
    period_start: str | None = None
    period_end: str | None = None
    told: list[Any] = field(default_factory=list)
    repeats: str | None = None
    reason: str | None = None
    warnings: list[str] = field(default_factory=list)
    previous: dict[str, Any] | None = None
    # How the contract judged the version: its layout, its profile as (column, measure, value), one result a threshold, and the
    # accepted version with which it was compared.
    layout: str | None = None
    profile: list[list[Any]] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    follows: dict[str, Any] | None = None

    @property
    def measures(self) -> dict[tuple[str, str], float]:
        """The profile by measure and column."""
        return {(measure, column): value for column, measure, value in self.profile}

    def is_of(self, look: Look, fingerprint: str) -> bool:
        """True when this is the verdict of that contract on the file as it looks."""
        return (self.size, self.mtime_ns, self.fingerprint) == (look.size, look.mtime_ns, fingerprint)

    def is_newer_reading_of(self, other: Record) -> bool:
        """True for the same content in another version."""
        is_same = self.content_hash == other.content_hash
        return self.status == "accepted" and is_same and self.version != other.version

    def says_no_more_than(self, other: Record) -> bool:
        """True for the same content of the same table, where this path tells nothing that the other does not."""
        is_same = (self.table, self.content_hash) == (other.table, other.content_hash)
        return is_same and all(mine in (None, theirs) for mine, theirs in zip(self.told, other.told, strict=True))

    def repeat(self, twin: Record) -> None:
        """Steps back behind another file of the same content."""
        self.status, self.repeats, self.rows, self.quarantined = "repeated", twin.file, 0, {}
        self.version, self.reason = None, f"same content as {twin.file}; counted once"

    @property
    def place(self) -> tuple[str, str]:
        """Table and name of its version in the lake; only what was accepted has one."""
        if self.table is None or self.version is None:
            raise ValueError(f"{self.file} has no version in the lake")
        return self.table, self.version

    @property
    def active(self) -> Record | None:
        """The accepted version in use for this file: its own, or the last good one when this one is refused."""
        if self.status == "accepted":
            return self
        return Record(**self.previous) if self.previous else None


class Catalog:
    """The records of one source at the end of one night: `as_of` is that night, the newest one in the catalog of today.

    `is_pruned` tells that the lake no longer holds all of its versions, `waiting` names files that were still being written, `damaged` those whose version in the lake had to be written anew.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._saved_at = path, time.monotonic()
        self._stored = path.read_text(encoding="utf-8") if path.exists() else "{}"
        stored: dict[str, Any] = json.loads(self._stored)
        self.fingerprint: str | None = stored.get("fingerprint")
        self.as_of: str | None = stored.get("as_of")
        self.is_pruned: bool = stored.get("is_pruned", False)
        self.waiting: list[str] = stored.get("waiting", [])
        self.damaged: list[str] = stored.get("damaged", [])
        self.records = {record["file"]: Record(**record) for record in stored.get("files", [])}

    @classmethod
    def of(cls, lake: Path, source: str) -> Catalog:
        """What is true of today's landing zone."""
        return cls(lake / "catalog" / f"{source}.json")

    @property
    def active(self) -> list[Record]:
        """The versions in use, in the order of their files."""
        return [found for _, record in sorted(self.records.items()) if (found := record.active)]

    @property
    def written(self) -> str:
        """All that the night saw, by which one night is told from another."""
        # A line a file; `indent` would take the slow encoder, and 500 files are no rarity.
        files = ",\n".join(_json(vars(self.records[file])) for file in sorted(self.records))
        return f'"waiting": {_json(self.waiting)}, "damaged": {_json(self.damaged)}, "files": [\n{files}\n]'

    def save(self) -> None:
        """Writes what changed since it was read or saved."""
        night = {"fingerprint": self.fingerprint, "as_of": self.as_of, "is_pruned": self.is_pruned}
        text = f"{_json(night)[:-1]}, {self.written}}}"
        self._saved_at = time.monotonic()
        if text == self._stored:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        os.replace(part, self.path)
        self._stored = text

    def save_now_and_then(self) -> None:
        """So that a killed night keeps what it has read, and does not write the whole catalog after each of many files."""
        if time.monotonic() - self._saved_at > SECONDS_AT_RISK:
            self.save()

    def forget_all_but(self, files: set[str]) -> None:
        self.records = {file: record for file, record in self.records.items() if file in files}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
