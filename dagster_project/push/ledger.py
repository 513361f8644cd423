"""What was sent to a CRM and what became of each row: `<home>/pushed/<crm>.sqlite`, one row a record and try.

Belongs here: writing it down before and after each request, and what the CRM holds by it. Not here: any request.
A row is written down before it is sent: whoever is killed in between knows that the CRM may hold it.
"""

import json
import sqlite3
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dagster_project.lock import Busy, held
from dagster_project.pull.faults import AccessError

_TABLE = """
    create table if not exists tries (
        try integer primary key, org text, object text, external_id text, is_removal integer, row text, as_of text,
        job text, sent_at text, outcome text, error text, crm_id text
    )
"""
# Tries after which the CRM holds a row, or may hold it; a row that failed or was not processed has changed nothing.
_TOLD = "('sent', 'unknown', 'success')"


@dataclass(frozen=True)
class Told:
    """What the CRM said of one row: success, failed, unprocessed, or unknown where no answer came."""

    outcome: str
    error: str = ""
    crm_id: str = ""


class Ledger:
    """The tries of one CRM; those of another org of it count for nothing."""

    def __init__(self, path: Path, org: str | None = None) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path)
        with self._file:
            self._file.execute(_TABLE)
        self.org = org or self._one("select org from tries order by try desc limit 1") or ""

    def newest_publication(self) -> str:
        """The `as_of` of the newest publication of which something was sent."""
        return self._one("select max(as_of) from tries where org = ?", self.org) or ""

    def holds(self, crm_object: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """(rows that the CRM confirmed, rows that it holds or may hold): the last of each record."""
        last = self._file.execute(
            f"""
            select row, outcome, is_removal from tries
            where try in (
                select max(try) from tries where org = ? and object = ? and outcome in {_TOLD} group by external_id
            )
            order by external_id
            """,
            (self.org, crm_object),
        ).fetchall()
        confirmed = [json.loads(row) for row, outcome, gone in last if outcome == "success" and not gone]
        return confirmed, [json.loads(row) for row, outcome, gone in last if outcome != "success" or not gone]

    def begin(self, crm_object: str, job: str, as_of: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write down that these rows are about to be sent."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._file:
            self._file.executemany(
                "insert into tries (org, object, external_id, is_removal, row, as_of, job, sent_at, outcome)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, 'sent')",
                [
                    (self.org, crm_object, row["external_id"], row["is_removal"], json.dumps(row), as_of, job, now)
                    for row in rows
                ],
            )

    def open_jobs(self, crm_object: str) -> dict[str, list[str]]:
        """Job -> the external ids of which it is not known yet what became of them."""
        found: dict[str, list[str]] = {}
        for job, external_id in self._file.execute(
            "select job, external_id from tries where org = ? and object = ? and outcome = 'sent' order by try",
            (self.org, crm_object),
        ):
            found.setdefault(job, []).append(external_id)
        return found

    def settle(self, job: str, told: Mapping[str, Told]) -> None:
        with self._file:
            self._file.executemany(
                "update tries set outcome = ?, error = ?, crm_id = ? where org = ? and job = ? and external_id = ?",
                [(one.outcome, one.error, one.crm_id, self.org, job, key) for key, one in told.items()],
            )

    def of_jobs(self, jobs: Sequence[str]) -> list[tuple[str, bool, str, str]]:
        """(external id, whether it was a removal, outcome, error) of each row of some jobs."""
        marks = ", ".join("?" for _ in jobs)
        return self._file.execute(
            f"select external_id, is_removal, outcome, coalesce(error, '') from tries where org = ? and job in ({marks}) order by try",
            (self.org, *jobs),
        ).fetchall()

    def _one(self, sql: str, *values: str) -> str | None:
        found = self._file.execute(sql, values).fetchone()
        return found[0] if found else None


@contextmanager
def pushing(path: Path) -> Generator[None]:
    """One push of a CRM at a time; the system frees the lock when the process ends, however it ends."""
    try:
        with held(path.with_suffix(".lock")):
            yield
    except Busy:
        raise AccessError(f"another push is writing into {path}; let it end first") from None
