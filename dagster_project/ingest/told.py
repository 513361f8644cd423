"""What the border tells the marts of trust: the tables `border/file_versions`, `border/quarantine` and `border/checks`.

Belongs here: rows made from the catalogs in use. Does not belong here: what is in a catalog (`catalog`).
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.ingest.catalog import Catalog, Record
from dagster_project.ingest.changes import Change, changes_of
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.contract_checks import contract_checks
from dagster_project.ingest.freshness import freshness_checks
from dagster_project.ingest.nights import Nights, in_use
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


ALTERNATIVES = {source.name for source in SOURCES if source.is_alternative}


def write_border_tables(lake: Path, as_of: date) -> None:
    """Writes `border/file_versions`, `border/quarantine` and `border/checks` of what the night of `as_of` has in use."""
    versions, quarantine, checks = [], [], []
    for path in sorted((lake / "catalog").glob("*.json")):
        source = path.stem
        night = in_use(lake, source, as_of)
        if source in ALTERNATIVES and not night.records and not night.waiting:
            continue
        records = [record for _, record in sorted(night.records.items())]
        for record in records:
            versions += [_version(source, shown) for shown in _shown(record)]
            active = record.active
            for rule, (rows, sample) in (active.quarantined if active else {}).items():
                quarantine.append((source, rule, record.file, rows, sample))
        earlier = Nights(lake, source).last(as_of, is_included=False)
        checks += contract_checks(source, records)
        checks += freshness_checks(lake, source, night.active, as_of)
        checks += _checks(source, records) + _checks_of_night(source, night, changes_of(source, earlier, night, as_of))
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


def _checks_of_night(source: str, night: Catalog, changes: list[Change]) -> list[tuple]:
    """What this night did to the source: files left alone, lake files mended, what took the place of what."""
    restated = [str(change) for change in changes if change.kind != "new"]
    rows = sum(record.rows for record in night.active)
    return [
        (source, "files_waiting", "warn" if night.waiting else "pass", _listed(night.waiting), "none", rows),
        (source, "lake_files_damaged", "warn" if night.damaged else "pass", _listed(night.damaged), "none", rows),
        (source, "restated", "warn" if restated else "pass", _listed(restated), "none since the night before", rows),
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
        incoming = pa.table([pa.array(column) for column in zip(*rows, strict=True)], names=list(types))
        con.register("incoming", incoming)
        con.execute("insert into written select * from incoming")
    con.execute(f"copy (select * from written order by all) to {quoted(part)} (format parquet, compression zstd)")
    os.replace(part, folder / "present.parquet")
