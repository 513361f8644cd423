"""Dagster's event log on SQLite, with its files kept open for as long as the process runs.

Dagster opens, synchronises and closes a file up to six times an event; a night has about two thousand events, and on a small
world that was a quarter of its CPU time and more of its wall time. Belongs here: how the files are opened. Not here: what is
stored and read, which stays Dagster's own.

Written in WAL mode, a file is whole after any crash; with `synchronous = NORMAL` the last events before a power cut can be lost,
and a night that such a cut has ended is repeated whole anyway.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import StaticPool

KEPT_OPEN = 8  # a page that looks through a year of runs must not hold a year of files


class OpenEventLog(SqliteEventLogStorage):
    """`SqliteEventLogStorage`, one connection a file, the files used last."""

    def __init__(self, *arguments: Any, **named: Any):
        self._engines: dict[str, sqlalchemy.Engine] = {}
        self._tables: set[str] = set()
        super().__init__(*arguments, **named)

    @classmethod
    def config_type(cls) -> dict:
        """What dagster.yaml says: the folder of Dagster's storage, whose files lie where Dagster's own class would put them."""
        return {"home": dg.StringSource}

    @classmethod
    def from_config_value(cls, inst_data, config_value) -> "OpenEventLog":
        """Built by Dagster from what dagster.yaml says."""
        return cls(str(Path(config_value["home"]) / "history" / "runs"), inst_data)

    def has_table(self, table_name: str) -> bool:
        """Dagster asks this of every event; a table that was there once stays."""
        if table_name not in self._tables:
            with self.index_connection() as connection:
                self._tables.update(sqlalchemy.inspect(connection).get_table_names())
        return table_name in self._tables

    @contextmanager
    def _connect(self, shard: str) -> Generator[sqlalchemy.Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        engine = self._engines.pop(shard, None)
        if engine is None:
            engine = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                # Threads take turns under Dagster's own lock.
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            self._initdb(engine)
            with engine.connect() as connection:
                connection.exec_driver_sql("pragma synchronous = normal")
        self._engines[shard] = engine
        if len(self._engines) > KEPT_OPEN:
            self._engines.pop(next(iter(self._engines))).dispose()
        return engine

    def dispose(self) -> None:
        """Close every file."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()
