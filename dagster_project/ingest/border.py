"""The border: takes one source from the landing zone into the lake and says what it let through.

Belongs here: which file is new, unchanged, refused or a repeat, and which versions are in use. Does not belong here: how a
file is opened (`decode`), matched (`recognise`), read (`reader`) and how its bad rows are found (`quarantine`).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from dagster_project.ingest.catalog import BORDER_TABLES, Catalog, Record, write_border_tables
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.contract import Contract, LandingError, Layout, Source
from dagster_project.ingest.decode import FileFault, Opened, opened
from dagster_project.ingest.names import Told, read_path
from dagster_project.ingest.quarantine import settle
from dagster_project.ingest.reader import connect, empty, first_pass, plan
from dagster_project.ingest.recognise import Match, Unrecognised, find_files, recognise
from dagster_project.parquet import quoted

__all__ = ["SourceResult", "check_landing", "ingest", "raw_schema", "write_border_tables"]

FRESH_SECONDS = 2.0
SECOND_LOOK_SECONDS = 0.25
READER_VERSION = "1"


@dataclass
class SourceResult:
    """What one source brought: rows a table, and every file by what became of it."""

    source: str
    rows: dict[str, int] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    repeated: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unrecognised: dict[str, str] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    quarantined: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        """True when the source holds no file that Fieldscope could ever use."""
        return not (self.read or self.unchanged or self.repeated or self.refused or self.waiting)


def raw_schema() -> dict[tuple[str, str], dict[str, str]]:
    """Columns and DuckDB types of every raw table that the border writes, by (source, table)."""
    schema = {(source.name, table): types for source in SOURCES for table, types in source.tables}
    return schema | {("border", table): types for table, types in BORDER_TABLES.items()}


def check_landing(landing: Path) -> list[str]:
    """What the landing zone lacks, in words: `company/` with its files, and one CRM."""
    problems = []
    company = next(source for source in SOURCES if source.name == "company")
    if not (landing / "company").is_dir():
        problems.append(f"{landing / 'company'} is missing; create it with company.yml and the company's CSV files")
    else:
        names = [path.name.lower() for path in (landing / "company").rglob("*")]
        for table in company.required:
            wanted = "company.yml" if table == "settings" else f"{table}.csv"
            if not any(name.startswith(wanted.split(".")[0]) for name in names):
                problems.append(f"company/{wanted} is missing; write it as the landing zone's description says")
    crm = landing / "crm"
    if not crm.is_dir() or not any(path.is_file() for path in crm.rglob("*")):
        problems.append(f"{crm} holds no CRM export; put the CSV files of one CRM into crm/salesforce/")
    return problems


def ingest(source: Source, landing: Path, lake: Path, key: bytes, duckdb_config: dict) -> SourceResult:
    """Brings `lake/raw/<source>` up to date with the landing zone. Raises `LandingError` for what no refresh can do without."""
    return _Crossing(source, landing, lake, key, duckdb_config).run()


class _Crossing:
    """One source on its way through the border."""

    def __init__(self, source: Source, landing: Path, lake: Path, key: bytes, config: dict) -> None:
        own_names = source.field_names(landing) if source.field_names else {}
        self.source = _with_own_names(source, own_names)
        self.landing, self.lake, self.key, self.config = landing, lake, key, config
        self.versions = lake / "versions" / source.name
        self.scratch = lake / "scratch" / source.name
        self.catalog = Catalog(lake, source.name)
        self.result = SourceResult(source.name)
        self.con: duckdb.DuckDBPyConnection | None = None
        salt = hashlib.sha256(b"fingerprint" + key).hexdigest()
        self.fingerprint = _short(READER_VERSION, self.source.fingerprint(), salt)

    def run(self) -> SourceResult:
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        try:
            self._judge_files()
            self._publish()
        finally:
            if self.con:
                self.con.close()
            shutil.rmtree(self.scratch, ignore_errors=True)
        return self.result

    def _judge_files(self) -> None:
        files = dict(find_files(self.source, self.landing))
        self.catalog.forget_all_but(set(files))
        first_look = {name: _stat(path) for name, path in files.items()}
        if any(_is_fresh(look) for look in first_look.values()):
            time.sleep(SECOND_LOOK_SECONDS)
        settled = {name: look for name, look in first_look.items() if _stat(files[name]) == look}
        self.result.waiting = [name for name in files if name not in settled]
        for name, look in settled.items():
            if not self._is_known(name, look):
                self._judge(name, files[name], look)
        for name in [name for name, record in self.catalog.records.items() if record.status == "repeated"]:
            if name in settled and not self._is_known(name, settled[name]):
                self._judge(name, files[name], settled[name])
        self.catalog.save()

    def _is_known(self, name: str, look: tuple[int, int]) -> bool:
        """True when this very file was judged before by the same contract, and what it led to still lies in the lake."""
        record = self.catalog.records.get(name)
        if record is None or (record.size, record.mtime_ns) != look or record.fingerprint != self.fingerprint:
            return False
        if record.status == "repeated":
            twin = self.catalog.records.get(record.repeats)
            return twin is not None and twin.status == "accepted" and twin.identity == record.identity
        return record.active is None or self._is_whole(record.active)

    def _is_whole(self, record: Record) -> bool:
        path = self._version_path(record)
        return path.exists() and path.stat().st_size == record.version_size

    def _version_path(self, record: Record) -> Path:
        return self.versions / record.table / record.version

    def _judge(self, name: str, path: Path, look: tuple[int, int]) -> None:
        """Reads one file and records the verdict; a refused file keeps its last accepted version in use."""
        before = self.catalog.records.get(name)
        record = Record(name, *look, self.fingerprint, "refused")
        try:
            if self.source.root is None and not path.resolve().is_relative_to(self.landing.resolve()):
                raise FileFault("unreadable", "this is a link out of the landing zone; copy the file itself")
            self._read(record, path)
        except Unrecognised as verdict:
            record.status, record.reason = "unrecognised", str(verdict)
        except FileFault as fault:
            record.reason = (
                f"{fault.rule}: {fault}" if fault.line is None else f"line {fault.line}: {fault.rule}: {fault}"
            )
        except PermissionError:
            record.reason = "unreadable: no permission to read the file; allow it"
        if _stat(path) != look:
            self.result.waiting.append(name)
            return
        if record.status == "refused":
            active = before.active if before else None
            record.table = record.table or (active.table if active else None)
            record.previous = asdict(active) if active and self._is_whole(active) else None
        self.catalog.records[name] = record
        self.catalog.save()
        self.result.read.append(name)

    def _read(self, record: Record, path: Path) -> None:
        document = next(
            (c for c in self.source.contracts if c.document and re.search(c.pattern, path.name.lower())), None
        )
        if document:
            self._read_document(record, path, document)
            return
        with opened(path, self.scratch, self.source.separators) as file:
            record.content_hash = file.content_hash
            file = self._with_parquet_header(file)
            match = recognise(self.source, path.name, file)
            record.table = match.contract.table
            record.warnings = list(file.warnings)
            if match.unknown and not self.source.names_decide and len(match.unknown) <= 20:
                record.warnings.append(f"columns not stored: {', '.join(match.unknown)}")
            told = _told(record.file, match.contract)
            record.identity = _short(record.table, file.content_hash, str(told))
            twin = self._twin(record)
            if twin:
                record.status, record.repeats, record.rows = "repeated", twin.file, 0
                record.reason = f"same content as {twin.file}; counted once"
                return
            self._write(record, match, file, told)

    def _twin(self, record: Record) -> Record | None:
        others = (other for other in self.catalog.records.values() if other.file != record.file)
        return next(
            (other for other in others if other.status == "accepted" and other.identity == record.identity), None
        )

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
        sql = plan(file, match, record.file, told)
        fingerprint = _short(self.fingerprint, record.file, str(told), repr(sorted(match.positions.items())))
        record.version = f"{file.content_hash[:16]}-{fingerprint[:8]}.parquet"
        target = self._version_path(record)
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = self.lake / "quarantine" / self.source.name / record.table / record.version
        parsed = self.scratch / "parsed.parquet"
        stats = first_pass(con, sql, parsed)
        outcome = settle(con, sql, file, stats, parsed, record.file, target, aside)
        record.rows, record.quarantined, record.repeated_rows = outcome.rows, outcome.quarantined, outcome.repeated
        record.version_size = target.stat().st_size
        record.period_start, record.period_end = _period(con, match.contract, target, told)
        record.status = "accepted"

    def _read_document(self, record: Record, path: Path, contract: Contract) -> None:
        content = path.read_bytes()
        record.table, record.content_hash = contract.table, hashlib.sha256(content).hexdigest()
        row = contract.document(content)
        record.version = f"{record.content_hash[:16]}-{_short(self.fingerprint, record.file)[:8]}.parquet"
        target = self._version_path(record)
        target.parent.mkdir(parents=True, exist_ok=True)
        values = ", ".join(f'cast(? as {column.kind.type}) as "{column.name}"' for column in contract.columns)
        provenance = (
            f"{quoted(record.file)} as _file, 1::bigint as _row, null::bigint as _period, null::varchar as _release"
        )
        part = self.scratch / "parsed.parquet"
        self._connection().execute(
            f"copy (select {values}, {provenance}, null::date as _released_on) to {quoted(part)} (format parquet)",
            [row[column.name] for column in contract.columns],
        )
        os.replace(part, target)
        record.rows, record.version_size, record.status = 1, target.stat().st_size, "accepted"

    def _connection(self) -> duckdb.DuckDBPyConnection:
        self.con = self.con or connect(self.config, self.key)
        return self.con

    def _publish(self) -> None:
        """Makes `lake/raw/<source>` hold exactly the versions in use, and tells what became of each file."""
        active = {name: found for name, record in self.catalog.records.items() if (found := record.active)}
        for contract in self.source.contracts:
            used = [record for record in active.values() if record.table == contract.table]
            self._link(contract, {record.version for record in used})
            self.result.rows[contract.table] = sum(record.rows for record in used)
        self.catalog.fingerprint = self.fingerprint
        self.catalog.save()
        self._sweep({(record.table, record.version) for record in active.values()})
        for name, record in sorted(self.catalog.records.items()):
            self._tell(name, record)
        lacking = [table for table in self.source.required if not any(r.table == table for r in active.values())]
        if lacking:
            raise LandingError(self._lacking(lacking))

    def _link(self, contract: Contract, wanted: set[str]) -> None:
        folder = self.lake / "raw" / self.source.name / contract.table
        folder.mkdir(parents=True, exist_ok=True)
        present = {path.name for path in folder.iterdir()}
        if "_empty.parquet" not in present or self.catalog.fingerprint != self.fingerprint:
            part = self.scratch / "empty.parquet"
            empty(self._connection(), contract, part)
            os.replace(part, folder / "_empty.parquet")
        for name in wanted - present:
            part = self.scratch / name
            try:
                os.link(self.versions / contract.table / name, part)
            except OSError:
                shutil.copy2(self.versions / contract.table / name, part)
            os.replace(part, folder / name)
        for name in present - wanted - {"_empty.parquet"}:
            (folder / name).unlink()

    def _sweep(self, used: set[tuple[str, str]]) -> None:
        """Versions that no file of the landing zone stands for any more leave the lake."""
        for root in (self.versions, self.lake / "quarantine" / self.source.name):
            for path in root.glob("*/*.parquet"):
                if (path.parent.name, path.name) not in used:
                    path.unlink()

    def _tell(self, name: str, record: Record) -> None:
        result = self.result
        if name not in result.read and name not in result.waiting:
            result.unchanged.append(name)
        if record.status == "refused":
            kept = "; the version accepted before stays in use" if record.previous else ""
            result.refused[name] = f"{name}: {record.reason}{kept}"
        elif record.status == "unrecognised":
            result.unrecognised[name] = f"{name}: {record.reason}"
        elif record.status == "repeated":
            result.repeated[name] = record.repeats
        result.warnings += [f"{name}: {warning}" for warning in record.warnings]
        if record.active and record.active.quarantined:
            result.quarantined[name] = {rule: rows for rule, (rows, _) in record.active.quarantined.items()}

    def _lacking(self, tables: list[str]) -> str:
        said = [*self.result.refused.values(), *self.result.unrecognised.values()]
        names = ", ".join("company.yml" if table == "settings" else f"{table}.csv" for table in tables)
        why = ("; " + "; ".join(said)) if said else ""
        return f"{self.landing / self.source.folder} lacks a usable {names}{why}. Add or mend it, then run again."


def _with_own_names(source: Source, own_names: dict[str, dict[str, str]]) -> Source:
    """The source with an org's own header names in the place of ours."""
    if not own_names:
        return source
    contracts = []
    for contract in source.contracts:
        own = own_names.get(contract.table, {})
        layouts = tuple(
            replace(layout, headers={**layout.headers, **_known_columns(layout, own)}) for layout in contract.layouts
        )
        contracts.append(replace(contract, layouts=layouts))
    return replace(source, contracts=tuple(contracts))


def _known_columns(layout: Layout, own: dict[str, str]) -> dict[str, str]:
    return {column: header for column, header in own.items() if column in layout.headers}


def _told(name: str, contract: Contract) -> Told:
    told = read_path(name)
    if told.period is None and contract.is_yearly:
        told = replace(told, period=told.bare_year)
    if contract.needs_year and told.period is None:
        raise FileFault(
            "no_year", "neither the name nor a folder tells the data year; keep the publisher's name or use year=YYYY/"
        )
    return told


def _period(
    con: duckdb.DuckDBPyConnection, contract: Contract, path: Path, told: Told
) -> tuple[str | None, str | None]:
    """First and last day that the stored rows speak of: from dates in the rows, the data year or the day of the snapshot."""
    if contract.dated_by:
        first, last = con.execute(
            f"select min({contract.dated_by}), max({contract.dated_by}) from read_parquet({quoted(path)})"
        ).fetchone()
        return (first.isoformat(), last.isoformat()) if first else (None, None)
    if told.period is not None:
        return date(told.period, 1, 1).isoformat(), date(told.period, 12, 31).isoformat()
    day = told.released_on.isoformat() if told.released_on else None
    return day, day


def _stat(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _is_fresh(look: tuple[int, int]) -> bool:
    return time.time() - look[1] / 1e9 < FRESH_SECONDS


def _short(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
