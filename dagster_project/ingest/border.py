"""The border: takes one source from the landing zone into the lake and says what it let through.

Belongs here: which file is new, unchanged, refused or a repeat, and which versions are in use. Does not belong here: how a
file is opened (`decode`), matched (`recognise`), read (`reader`), how its bad rows are found (`quarantine`), and what earlier
nights had in use (`nights`).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb

from dagster_project.ingest.catalog import Catalog, Record
from dagster_project.ingest.changes import changes_of
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.contract import Source
from dagster_project.ingest.decode import FileFault, opened
from dagster_project.ingest.delivery import check_delivered, lost
from dagster_project.ingest.judgement import Judge
from dagster_project.ingest.looks import Look, hash_as_it_is, look_at, wait_until_still
from dagster_project.ingest.names import Told, read_path
from dagster_project.ingest.nights import Nights
from dagster_project.ingest.reader import empty
from dagster_project.ingest.recognise import Unrecognised, find_files, recognise
from dagster_project.ingest.result import SourceResult
from dagster_project.ingest.store import EMPTY, Store
from dagster_project.ingest.told import BORDER_TABLES, write_border_tables
from dagster_project.ingest.writing import Writer, short_hash

__all__ = ["SourceResult", "ingest", "raw_schema", "write_border_tables"]

READER_VERSION = "3"


def raw_schema() -> dict[tuple[str, str], dict[str, str]]:
    """Columns and DuckDB types of every raw table that the border writes, by (source, table)."""
    schema = {(source.name, table): types for source in SOURCES for table, types in source.tables}
    return schema | {("border", table): types for table, types in BORDER_TABLES.items()}


def ingest(
    source: Source, landing: Path, lake: Path, key: bytes, duckdb_config: dict, as_of: date, is_past: bool = True
) -> SourceResult:
    """Brings `lake/raw/<source>` to what the night of `as_of` has in use. Raises `LandingError` for what none can do without.

    Where a later night was recorded, a night that `is_past` is replayed; one that is not past was never overtaken.
    """
    return _Crossing(source, landing, lake, key, duckdb_config).run(as_of, is_past)


class _Crossing:
    """One source on its way through the border."""

    def __init__(self, source: Source, landing: Path, lake: Path, key: bytes, config: dict) -> None:
        self.source = source.with_own_names(source.field_names(landing)) if source.field_names else source
        self.landing = landing
        self.store = Store(lake, source.name)
        self.catalog = Catalog.of(lake, source.name)
        self.nights = Nights(lake, source.name)
        self.rewritten: list[tuple[Record, Record]] = []
        self.result = SourceResult(source.name)
        salt = hashlib.sha256(b"fingerprint" + key).hexdigest()
        self.fingerprint = short_hash(READER_VERSION, self.source.fingerprint(), salt)
        self.writer = Writer(self.store, self.fingerprint, config, key)

    def run(self, as_of: date, is_past: bool) -> SourceResult:
        newest = self.catalog.as_of
        is_overtaken = is_past and newest is not None and as_of.isoformat() < newest
        night = self.nights.last(as_of) if is_overtaken else None
        self.store.open_scratch()
        try:
            if night is None or night.is_pruned:
                files = dict(find_files(self.source, self.landing))
                self.judge = Judge(self.source, self.landing, self.nights.last(as_of), files)
                self._judge_files(files)
                night = self.catalog
            else:
                self.result.replayed = night.as_of
            self._publish(night)
            if not is_overtaken:
                self.catalog.as_of = as_of.isoformat()
                self.catalog.save()
                self.nights.record(self.catalog, as_of)
            earlier = self.nights.last(as_of, is_included=False)
            self.result.changes = changes_of(self.source.name, earlier, night, as_of)
            check_delivered(self.source, self.landing, night, self.result)
        finally:
            self.writer.close()
            self.store.close_scratch()
        return self.result

    def _judge_files(self, files: dict[str, Path]) -> None:
        looks = {name: look for name, path in files.items() if (look := look_at(path))}
        self.catalog.forget_all_but(set(looks))
        unknown = [name for name in looks if not self._is_known(name, looks[name])]
        self.catalog.waiting = []
        self.catalog.damaged = [name for name in unknown if self._is_damaged(name, looks[name])]
        wait_until_still(looks[name] for name in unknown)
        for name in sorted(unknown, key=lambda name: (-_told_fields(read_path(name)), name)):
            self._judge(name, files[name], looks[name])
        self._mark_repeats()
        for name in [name for name in looks if not self._is_known(name, looks[name])]:
            if name not in self.catalog.waiting:
                self._judge(name, files[name], looks[name])
        self._adopt_rewritten()
        self.catalog.save()

    def _is_known(self, name: str, look: Look) -> bool:
        """True when this very file was judged before by the same contract, and what it led to still lies in the lake."""
        record = self.catalog.records.get(name)
        if record is None or not record.is_of(look, self.fingerprint) or self.judge.must_look_again(record):
            return False
        if record.status == "repeated":
            twin = self.catalog.records.get(record.repeats)
            return twin is not None and twin.status == "accepted" and twin.content_hash == record.content_hash
        return record.active is None or self.store.is_whole(record.active)

    def _is_damaged(self, name: str, look: Look) -> bool:
        record = self.catalog.records.get(name)
        return record is not None and record.is_of(look, self.fingerprint) and record.status != "repeated"

    def _judge(self, name: str, path: Path, look: Look) -> None:
        """Reads one file and records the verdict; a refused file keeps its last accepted version in use."""
        before = self.catalog.records.get(name)
        record = Record(name, look.size, look.mtime_ns, self.fingerprint, "refused")
        try:
            if look_at(path) == look:
                self._read(record, path)
        except Unrecognised as verdict:
            record.status, record.reason = "refused" if before and before.active else "unrecognised", str(verdict)
        except FileFault as fault:
            record.reason = (
                f"{fault.rule}: {fault}" if fault.line is None else f"line {fault.line}: {fault.rule}: {fault}"
            )
        except PermissionError:
            record.reason = "unreadable: no permission to read the file; allow it"
        except (duckdb.Error, OSError):
            # Whatever a reader says of a file that changes under it is no verdict.
            if look_at(path) == look:
                raise
        if look_at(path) != look:
            self.catalog.waiting.append(name)
            return
        record.content_hash = record.content_hash or hash_as_it_is(path)
        active = before.active if before else None
        if record.status == "refused":
            active = active or self.judge.left_behind(record)
            record.table = record.table or (active.table if active else None)
            record.previous = vars(active) if active else None
        elif active and record.is_newer_reading_of(active):
            self.rewritten.append((active, record))
        self.catalog.records[name] = record
        self.catalog.save_now_and_then()
        self.result.read.append(name)

    def _adopt_rewritten(self) -> None:
        """The same content read by a newer contract takes the place of the older reading, in past nights too."""
        if self.rewritten:
            self.nights.adopt({(old.file, old.content_hash): new for old, new in self.rewritten})
        for old, _ in self.rewritten:
            self.store.discard(*old.place)

    def _read(self, record: Record, path: Path) -> None:
        if self.source.root is None and not path.resolve().is_relative_to(self.landing.resolve()):
            raise FileFault("unreadable", "this is a link out of the landing zone; copy the file itself")
        for contract in self.source.contracts:
            if contract.document and re.search(contract.pattern, path.name.lower()):
                self.writer.write_document(record, path, contract, contract.document)
                return
        with opened(path, self.store.scratch, self.source.separators) as file:
            record.content_hash = file.content_hash
            file = self.writer.with_parquet_header(file)
            match = recognise(self.source, path.name, file)
            record.table = match.contract.table
            record.warnings = [*file.warnings, *match.warnings]
            told = match.contract.told(read_path(record.file))
            record.told = [told.period, told.release, told.released_on and told.released_on.isoformat()]
            if twin := self._twin(record):
                record.repeat(twin)
                return
            if self._is_as_before(record):
                return
            if match.contract.needs_year and told.period is None:
                raise FileFault(
                    "no_year",
                    "neither name nor folder tells the data year; keep the publisher's name or use year=YYYY/",
                )
            before = self.catalog.records.get(record.file)
            self.writer.write(record, match, file, told, self.judge, before)

    def _is_as_before(self, record: Record) -> bool:
        """Takes over what is known of this content where the same path brings it once more, by whatever was said meanwhile."""
        before = self.catalog.records.get(record.file)
        kept = before.active if before else None
        known = (record.file, record.content_hash, self.fingerprint)
        if kept is None or (kept.file, kept.content_hash, kept.fingerprint) != known:
            return False
        if not self.store.is_whole(kept):
            return False
        vars(record).update(vars(kept) | {"size": record.size, "mtime_ns": record.mtime_ns})
        return True

    def _twin(self, record: Record) -> Record | None:
        """An accepted file of the same content whose path tells at least as much."""
        others = (other for other in self.catalog.records.values() if other.file != record.file)
        return next((other for other in others if other.status == "accepted" and record.says_no_more_than(other)), None)

    def _mark_repeats(self) -> None:
        """The same content counts once, whichever of its names came first."""
        copies = Counter(record.content_hash for record in self.catalog.records.values())
        for _, record in sorted(self.catalog.records.items(), reverse=True):
            is_copied = record.status == "accepted" and copies[record.content_hash] > 1
            if is_copied and (twin := self._twin(record)):
                record.repeat(twin)

    def _publish(self, night: Catalog) -> None:
        """Makes `lake/raw/<source>` hold exactly the versions in use, and tells what became of each file."""
        active = night.active
        for record in active:
            if not self.store.is_whole(record):
                raise lost(self.store.version(*record.place), record, self.result.replayed)
        for contract in self.source.contracts:
            used = [record for record in active if record.table == contract.table]
            self.store.link(contract.table, {record.place[1] for record in used})
            if self.catalog.fingerprint != self.fingerprint or not self.store.has_empty(contract.table):
                empty(self.writer.con, contract, self.store.scratch / EMPTY)
                os.replace(self.store.scratch / EMPTY, self.store.raw / contract.table / EMPTY)
            self.result.rows[contract.table] = sum(record.rows for record in used)
        self.catalog.fingerprint = self.fingerprint
        self.catalog.save()
        self.result.files_in_use = len(active)
        self.result.tell(night)


def _told_fields(told: Told) -> int:
    return sum(value is not None for value in (told.period, told.release, told.released_on))
