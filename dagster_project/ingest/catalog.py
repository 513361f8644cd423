"""The persistent record of what the border has seen: one JSON file a source, and the `border` tables made from them.

Belongs here: which file had which content, verdict and version. Does not belong here: the verdict itself (`border`).
Only what is true of the present landing zone is recorded, so the same landing zone gives the same tables.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.parquet import quoted

BORDER_TABLES = {
    "file_versions": {
        "source": "VARCHAR",
        "table_name": "VARCHAR",
        "file": "VARCHAR",
        "content_hash": "VARCHAR",
        "rows": "BIGINT",
        "period_start": "DATE",
        "period_end": "DATE",
        "accepted": "BOOLEAN",
        "reason": "VARCHAR",
    },
    "quarantine": {"source": "VARCHAR", "rule": "VARCHAR", "file": "VARCHAR", "rows": "BIGINT", "sample": "VARCHAR"},
    "checks": {
        "source": "VARCHAR",
        "check_name": "VARCHAR",
        "status": "VARCHAR",
        "observed": "VARCHAR",
        "expected": "VARCHAR",
        "rows_checked": "BIGINT",
    },
}


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
    rows: int = 0
    repeated_rows: int = 0
    quarantined: dict[str, tuple[int, str]] = field(default_factory=dict)
    period_start: str | None = None
    period_end: str | None = None
    told: list[Any] = field(default_factory=list)
    repeats: str | None = None
    reason: str | None = None
    warnings: list[str] = field(default_factory=list)
    previous: dict[str, Any] | None = None

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
    """The records of one source, kept beside the versions they speak of."""

    def __init__(self, lake: Path, source: str) -> None:
        self.path = lake / "catalog" / f"{source}.json"
        stored: dict[str, Any] = (
            json.loads(self.path.read_text(encoding="utf-8"))
            if self.path.exists()
            else {"fingerprint": None, "files": []}
        )
        self.fingerprint: str | None = stored["fingerprint"]
        self.records = {record["file"]: Record(**record) for record in stored["files"]}

    def save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        records = [asdict(self.records[file]) for file in sorted(self.records)]
        stored = {"fingerprint": self.fingerprint, "files": records}
        part.write_text(json.dumps(stored, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(part, self.path)

    def forget_all_but(self, files: set[str]) -> None:
        self.records = {file: record for file, record in self.records.items() if file in files}


def write_border_tables(lake: Path) -> None:
    """Writes `border/file_versions`, `border/quarantine` and `border/checks` from the records of every source."""
    versions, quarantine, checks = [], [], []
    for path in sorted((lake / "catalog").glob("*.json")):
        source = path.stem
        records = [record for _, record in sorted(Catalog(lake, source).records.items())]
        for record in records:
            versions += [_version(source, shown) for shown in _shown(record)]
            active = record.active
            for rule, (rows, sample) in (active.quarantined if active else {}).items():
                quarantine.append((source, rule, record.file, rows, sample))
        checks += _checks(source, records)
    with duckdb.connect() as con:
        for table, rows in (("file_versions", versions), ("quarantine", quarantine), ("checks", checks)):
            _write(con, lake / "raw" / "border" / table, BORDER_TABLES[table], rows)


def _shown(record: Record) -> list[Record]:
    active = record.active
    return [record] if active is None or active is record else [record, active]


def _version(source: str, record: Record) -> tuple:
    is_accepted = record.status in ("accepted", "repeated")
    return (
        source,
        record.table,
        record.file,
        record.content_hash,
        record.rows,
        record.period_start,
        record.period_end,
        is_accepted,
        record.reason,
    )


def _checks(source: str, records: list[Record]) -> list[tuple]:
    """One row a check of the source as a whole; `rows_checked` counts stored and quarantined rows."""
    active = [found for record in records if (found := record.active)]
    bad = sum(rows for record in active for rows, _ in record.quarantined.values())
    rows = bad + sum(record.rows + record.repeated_rows for record in active)
    warnings = sorted({f"{record.file}: {warning}" for record in active for warning in record.warnings})
    refused = [record.file for record in records if record.status == "refused"]
    unknown = [record.file for record in records if record.status == "unrecognised"]
    gaps = _gaps(active)
    return [
        (source, "files_present", "pass" if active else "warn", str(len(active)), "at least 1", rows),
        (source, "files_refused", "fail" if refused else "pass", _listed(refused), "none", rows),
        (source, "files_unrecognised", "warn" if unknown else "pass", _listed(unknown), "none", rows),
        (source, "rows_quarantined", "warn" if bad else "pass", str(bad), "0", rows),
        (source, "periods_contiguous", "warn" if gaps else "pass", _listed(gaps), "none missing", rows),
        (source, "files_as_published", "warn" if warnings else "pass", _listed(warnings), "none", rows),
    ]


def _gaps(active: list[Record]) -> list[str]:
    """Data years that lie between two that are there and are not there themselves, as `table year`."""
    years: dict[str, set[int]] = {}
    for record in active:
        if record.told and record.told[0]:
            years.setdefault(record.place[0], set()).add(record.told[0])
    return [
        f"{table} {year}"
        for table, told in sorted(years.items())
        for year in range(min(told), max(told))
        if year not in told
    ]


def _listed(names: list[str]) -> str:
    return "; ".join(names) or "none"


def _write(con: duckdb.DuckDBPyConnection, folder: Path, types: dict[str, str], rows: list[tuple]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
    con.execute(f"create or replace table written ({columns})")
    part = folder / ".part"
    con.execute(f"copy written to {quoted(part)} (format parquet)")
    os.replace(part, folder / "_empty.parquet")
    if rows:
        con.executemany(f"insert into written values ({', '.join('?' for _ in types)})", rows)
    con.execute(f"copy (select * from written order by all) to {quoted(part)} (format parquet, compression zstd)")
    os.replace(part, folder / "present.parquet")
