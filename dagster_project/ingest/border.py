"""The border: takes one source from the landing zone into the lake and says what it let through.

Belongs here: which file is new, unchanged, refused or a repeat, and which versions are in use. Does not belong here: how a
file is opened (`decode`), matched (`recognise`), read (`reader`) and how its bad rows are found (`quarantine`).
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.ingest.catalog import BORDER_TABLES, Catalog, Record, write_border_tables
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.contract import Contract, LandingError, Source
from dagster_project.ingest.decode import FileFault, Opened, opened, with_even_lines
from dagster_project.ingest.names import Told, read_path
from dagster_project.ingest.quarantine import settle
from dagster_project.ingest.reader import connect, empty, first_pass, plan, write_document
from dagster_project.ingest.recognise import Match, Unrecognised, find_files, recognise
from dagster_project.ingest.result import SourceResult
from dagster_project.ingest.store import EMPTY, Store
from dagster_project.parquet import quoted

__all__ = ["SourceResult", "ingest", "raw_schema", "write_border_tables"]

FRESH_SECONDS = 2.0
SECOND_LOOK_SECONDS = 0.25
READER_VERSION = "3"


def raw_schema() -> dict[tuple[str, str], dict[str, str]]:
    """Columns and DuckDB types of every raw table that the border writes, by (source, table)."""
    schema = {(source.name, table): types for source in SOURCES for table, types in source.tables}
    return schema | {("border", table): types for table, types in BORDER_TABLES.items()}


def ingest(source: Source, landing: Path, lake: Path, key: bytes, duckdb_config: dict) -> SourceResult:
    """Brings `lake/raw/<source>` up to date. Raises `LandingError` for what no refresh can do without."""
    return _Crossing(source, landing, lake, key, duckdb_config).run()


class _Crossing:
    """One source on its way through the border."""

    def __init__(self, source: Source, landing: Path, lake: Path, key: bytes, config: dict) -> None:
        self.source = source.with_own_names(source.field_names(landing)) if source.field_names else source
        self.landing, self.lake, self.key, self.config = landing, lake, key, config
        self.store = Store(lake, source.name)
        self.catalog = Catalog(lake, source.name)
        self.result = SourceResult(source.name)
        self.con: duckdb.DuckDBPyConnection | None = None
        salt = hashlib.sha256(b"fingerprint" + key).hexdigest()
        self.fingerprint = _short(READER_VERSION, self.source.fingerprint(), salt)

    def run(self) -> SourceResult:
        self.store.open_scratch()
        try:
            self._judge_files(dict(find_files(self.source, self.landing)))
            self._publish()
        finally:
            if self.con:
                self.con.close()
            self.store.close_scratch()
        return self.result

    def _judge_files(self, files: dict[str, Path]) -> None:
        self.catalog.forget_all_but(set(files))
        looks = {name: _stat(path) for name, path in files.items()}
        unknown = [name for name in files if not self._is_known(name, looks[name])]
        if any(_is_fresh(looks[name]) for name in unknown):
            time.sleep(SECOND_LOOK_SECONDS)
        for name in sorted(unknown, key=lambda name: (-_told_fields(read_path(name)), name)):
            self._judge(name, files[name], looks[name])
        self._mark_repeats()
        for name in [name for name in files if not self._is_known(name, looks[name])]:
            if name not in self.result.waiting:
                self._judge(name, files[name], looks[name])
        self.catalog.save()

    def _is_known(self, name: str, look: tuple[int, int]) -> bool:
        """True when this very file was judged before by the same contract, and what it led to still lies in the lake."""
        record = self.catalog.records.get(name)
        if record is None or (record.size, record.mtime_ns) != look or record.fingerprint != self.fingerprint:
            return False
        if record.status == "repeated":
            twin = self.catalog.records.get(record.repeats)
            return twin is not None and twin.status == "accepted" and twin.content_hash == record.content_hash
        return record.active is None or self.store.is_whole(record.active)

    def _judge(self, name: str, path: Path, look: tuple[int, int]) -> None:
        """Reads one file and records the verdict; a refused file keeps its last accepted version in use."""
        before = self.catalog.records.get(name)
        record = Record(name, *look, self.fingerprint, "refused")
        try:
            if _stat(path) == look:
                self._read(record, path)
        except Unrecognised as verdict:
            record.status, record.reason = "refused" if before and before.active else "unrecognised", str(verdict)
        except FileFault as fault:
            record.reason = (
                f"{fault.rule}: {fault}" if fault.line is None else f"line {fault.line}: {fault.rule}: {fault}"
            )
        except PermissionError:
            record.reason = "unreadable: no permission to read the file; allow it"
        if _stat(path) != look:
            self.result.waiting.append(name)
            return
        record.content_hash = record.content_hash or _hash_as_it_is(path)
        if record.status == "refused":
            active = before.active if before else None
            record.table = record.table or (active.table if active else None)
            record.previous = asdict(active) if active and self.store.is_whole(active) else None
        self.catalog.records[name] = record
        self.catalog.save()
        self.result.read.append(name)

    def _read(self, record: Record, path: Path) -> None:
        if self.source.root is None and not path.resolve().is_relative_to(self.landing.resolve()):
            raise FileFault("unreadable", "this is a link out of the landing zone; copy the file itself")
        for contract in self.source.contracts:
            if contract.document and re.search(contract.pattern, path.name.lower()):
                self._read_document(record, path, contract, contract.document)
                return
        with opened(path, self.store.scratch, self.source.separators) as file:
            record.content_hash = file.content_hash
            file = self._with_parquet_header(file)
            match = recognise(self.source, path.name, file)
            record.table = match.contract.table
            record.warnings = [*file.warnings, *match.warnings]
            told = match.contract.told(read_path(record.file))
            record.told = [told.period, told.release, told.released_on and told.released_on.isoformat()]
            if twin := self._twin(record):
                record.repeat(twin)
                return
            if match.contract.needs_year and told.period is None:
                raise FileFault(
                    "no_year",
                    "neither name nor folder tells the data year; keep the publisher's name or use year=YYYY/",
                )
            self._write(record, match, file, told)

    def _twin(self, record: Record) -> Record | None:
        """An accepted file of the same content whose path tells at least as much."""
        others = (other for other in self.catalog.records.values() if other.file != record.file)
        return next((other for other in others if other.status == "accepted" and record.says_no_more_than(other)), None)

    def _mark_repeats(self) -> None:
        """The same content counts once, whichever of its names came first."""
        for _, record in sorted(self.catalog.records.items(), reverse=True):
            if record.status == "accepted" and (twin := self._twin(record)):
                record.repeat(twin)

    def _with_parquet_header(self, file: Opened) -> Opened:
        if not file.is_parquet:
            return file
        try:
            rows = self._connection().execute(f"describe select * from read_parquet({quoted(file.path)})").fetchall()
        except duckdb.Error as error:
            raise FileFault("unreadable", "the Parquet file is damaged or cut short; export it again") from error
        return replace(file, header=tuple(row[0] for row in rows))

    def _write(self, record: Record, match: Match, file: Opened, told: Told) -> None:
        con = self._connection()
        target, parsed = self._new_version(record, str(told)), self.store.scratch / "parsed.parquet"
        sql = plan(file, match, record.file, told)
        try:
            stats = first_pass(con, sql, parsed)
        except FileFault:
            if file.is_parquet:
                raise
            file = replace(file, path=with_even_lines(file.path, self.store.scratch / "even"))
            sql = plan(file, match, record.file, told)
            stats = first_pass(con, sql, parsed)
        aside = self.store.quarantine.joinpath(*record.place)
        outcome = settle(con, sql, file, stats, parsed, record.file, target, aside)
        record.rows, record.quarantined, record.repeated_rows = outcome.rows, outcome.quarantined, outcome.repeated
        record.version_size, record.status = target.stat().st_size, "accepted"
        record.period_start, record.period_end = _period(con, match.contract, target, told)

    def _new_version(self, record: Record, told: str) -> Path:
        record.version = f"{record.content_hash[:16]}-{_short(self.fingerprint, record.file, told)[:8]}.parquet"
        target = self.store.version(*record.place)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def _read_document(
        self, record: Record, path: Path, contract: Contract, reading: Callable[[bytes], dict[str, Any]]
    ) -> None:
        content = path.read_bytes()
        record.table, record.content_hash = contract.table, hashlib.sha256(content).hexdigest()
        row, part = reading(content), self.store.scratch / "parsed.parquet"
        write_document(self._connection(), contract, row, record.file, part)
        target = self._new_version(record, "")
        os.replace(part, target)
        record.rows, record.version_size, record.status = 1, target.stat().st_size, "accepted"

    def _connection(self) -> duckdb.DuckDBPyConnection:
        self.con = self.con or connect(self.config, self.key)
        return self.con

    def _publish(self) -> None:
        """Makes `lake/raw/<source>` hold exactly the versions in use, and tells what became of each file."""
        active = [found for record in self.catalog.records.values() if (found := record.active)]
        for contract in self.source.contracts:
            used = [record for record in active if record.table == contract.table]
            self.store.link(contract.table, {record.place[1] for record in used})
            if self.catalog.fingerprint != self.fingerprint or not self.store.has_empty(contract.table):
                empty(self._connection(), contract, self.store.scratch / EMPTY)
                os.replace(self.store.scratch / EMPTY, self.store.raw / contract.table / EMPTY)
            self.result.rows[contract.table] = sum(record.rows for record in used)
        self.catalog.fingerprint = self.fingerprint
        self.catalog.save()
        self.store.sweep({record.place for record in active})
        self.result.files_in_use = len(active)
        for name, record in sorted(self.catalog.records.items()):
            self.result.tell(name, record)
        needed = [*self.source.required, *(table for table in self.source.gates if self._is_delivered(table))]
        lacking = [table for table in needed if not any(record.table == table for record in active)]
        if lacking:
            names = ", ".join(self.source.contract(table).file_name for table in lacking)
            said = "".join(
                f"; {message}" for message in [*self.result.refused.values(), *self.result.unrecognised.values()]
            )
            raise LandingError(
                f"{self.landing / self.source.folder} lacks a usable {names}{said}. Add or mend it and run again."
            )

    def _is_delivered(self, table: str) -> bool:
        """True when a file of this table's name lies in the landing zone, whatever is in it."""
        pattern = self.source.contract(table).pattern
        return any(re.search(pattern, Path(name).name.lower()) for name in self.catalog.records)


def _period(
    con: duckdb.DuckDBPyConnection, contract: Contract, path: Path, told: Told
) -> tuple[str | None, str | None]:
    """First and last day that the stored rows speak of: from dates in the rows, the data year or the day of the snapshot."""
    if contract.dated_by:
        span = f"select min({contract.dated_by}), max({contract.dated_by}) from read_parquet({quoted(path)})"
        first, last = con.execute(span).fetchone()
        return (first.isoformat(), last.isoformat()) if first else (None, None)
    if told.period is not None:
        return date(told.period, 1, 1).isoformat(), date(told.period, 12, 31).isoformat()
    day = told.released_on.isoformat() if told.released_on else None
    return day, day


def _told_fields(told: Told) -> int:
    return sum(value is not None for value in (told.period, told.release, told.released_on))


def _hash_as_it_is(path: Path) -> str:
    """What tells one refused delivery from the next; empty where the file may not be read at all."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except PermissionError:
        return ""


def _stat(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _is_fresh(look: tuple[int, int]) -> bool:
    return time.time() - look[1] / 1e9 < FRESH_SECONDS


def _short(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
