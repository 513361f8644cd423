"""Turns one recognised file into a version of the lake: first pass, quarantine, judgement, figures, seal.

Belongs here: the steps in their order and the connection that they share. Does not belong here: which files are read and which
versions are in use (`border`), and what a step does (its own module).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.ingest.catalog import Record
from dagster_project.ingest.contract import Contract
from dagster_project.ingest.decode import FileFault, Opened, with_even_lines
from dagster_project.ingest.figures import take_figures
from dagster_project.ingest.judgement import Judge
from dagster_project.ingest.names import Told
from dagster_project.ingest.quarantine import settle
from dagster_project.ingest.reader import connect, first_pass, plan, write_document
from dagster_project.ingest.recognise import Match
from dagster_project.ingest.store import Store
from dagster_project.parquet import quoted


class Writer:
    """Writes versions of one source."""

    def __init__(self, store: Store, fingerprint: str, config: dict, key: bytes) -> None:
        self.store, self.fingerprint, self.config, self.key = store, fingerprint, config, key
        self._con: duckdb.DuckDBPyConnection | None = None

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """Opened when the first file is read: a night without new files opens none."""
        self._con = self._con or connect(self.config, self.key)
        return self._con

    def close(self) -> None:
        if self._con:
            self._con.close()

    def with_parquet_header(self, file: Opened) -> Opened:
        """A Parquet file names its columns in its footer."""
        if not file.is_parquet:
            return file
        try:
            rows = self.con.execute(f"describe select * from read_parquet({quoted(file.path)})").fetchall()
        except duckdb.Error as error:
            raise FileFault("unreadable", "the Parquet file is damaged or cut short; export it again") from error
        return replace(file, header=tuple(row[0] for row in rows))

    def write(
        self, record: Record, match: Match, file: Opened, told: Told, judge: Judge, before: Record | None
    ) -> None:
        """Fills `record` and writes its version. Raises `FileFault` where the file is to be refused."""
        target, folder = self._new_version(record, str(told)), self.store.scratch / "parsed"
        sql = plan(file, match, record.file, told)
        try:
            parsed = first_pass(self.con, sql, folder)
        except FileFault:
            if file.is_parquet:
                raise
            file = replace(file, path=with_even_lines(file.path, self.store.scratch / "even"), lines=None)
            sql = plan(file, match, record.file, told)
            parsed = first_pass(self.con, sql, folder)
        aside = self.store.quarantine.joinpath(*record.place)
        outcome = settle(self.con, sql, file, parsed, record.file, target, aside)
        judge.hold(self.con, match, told, record, before, target, aside, outcome)
        record.rows, record.quarantined, record.repeated_rows = outcome.rows, outcome.quarantined, outcome.repeated
        take_figures(self.con, match.contract, target, told, record)
        self.store.seal(record)

    def write_document(
        self, record: Record, path: Path, contract: Contract, reading: Callable[[bytes], dict[str, Any]]
    ) -> None:
        """A hand-kept document as a table of one row."""
        content = path.read_bytes()
        record.table, record.content_hash = contract.table, hashlib.sha256(content).hexdigest()
        row, part = reading(content), self.store.scratch / "parsed.parquet"
        write_document(self.con, contract, row, record.file, part)
        target = self._new_version(record, "")
        os.replace(part, target)
        record.rows = 1
        self.store.seal(record)

    def _new_version(self, record: Record, told: str) -> Path:
        record.version = f"{record.content_hash[:16]}-{short_hash(self.fingerprint, record.file, told)[:8]}.parquet"
        target = self.store.version(*record.place)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


def short_hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
