"""What earlier nights published and how they went: the only memory between refreshes besides the lake's files.

Belongs here: one small Parquet file a night and table, one JSON file a refresh. Not here: what the lists contain.
"""

import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from dagster_project.parquet import quoted, write_frame, write_query
from dagster_project.publish import crm_writeback, patients
from dagster_project.refresh import Identity
from dagster_project.settings import Home

KEPT = {
    "target_list": {
        "npi": "text",
        "territory_id": "text",
        "rep_id": "text",
        "tier": "text",
        "rank": "int",
        "calls_per_quarter": "int",
        "assignment": "text",
        "adoption_probability": "num",
        "open_revenue_usd": "num",
        "kept_share": "num",
        "drive_minutes": "num",
    },
    "target_list_changes": {"npi": "text", "territory_id": "text", "change": "text", "reason": "text"},
    "blind_spots": {"kind": "text", "subject_type": "text", "subject_id": "text", "first_flagged_on": "date"},
}
# Who refused, by the CRM's record: no mart, since it is for the gates alone.
REFUSALS = {"contact_id": "text", "npi": "text", "rule": "text", "since": "date"}
EARLIER = {**KEPT, "crm_refusals": REFUSALS}
REFRESHES = {
    "refresh_id": "text",
    "as_of": "date",
    "started_at": "ts",
    "ended_at": "ts",
    "status": "text",
    "rows": "json",
    "missing_sources": "json",
    "changes": "json",
    "model_versions": "json",
    "code_version": "text",
    "refreshed_sources": "json",
}


def write_earlier(home: Home, as_of: date) -> dict[str, int]:
    """Collect what was published for days before `as_of` into `raw/history`; returns rows by table.

    Days from `as_of` on are left out, so that a repeated or a past night gives what it gave. Counts of patients are those of all days.
    """
    counts = {}
    for table, types in EARLIER.items():
        nights = sorted(p for p in (home.history / table).glob("*.parquet") if p.stem < as_of.isoformat())
        if types is REFUSALS:  # each night carries on what still stands, so an older one may hold what was lifted since
            nights = nights[-1:]
        columns = {**types, "as_of": "date"}
        target = home.raw / "history" / table / "nights.parquet"
        empty = target.with_name("_empty.parquet")
        write_frame(pd.DataFrame(columns=list(columns)), columns, empty)
        if nights:
            # A night of before a column was kept tells nothing of it.
            names, kept = ", ".join(quoted(path) for path in (empty, *nights)), ", ".join(columns)
            query = f"select {kept} from read_parquet([{names}], union_by_name = true) order by all"
            with duckdb.connect() as connection:
                counts[table] = write_query(connection, query, target)
        else:
            target.unlink(missing_ok=True)
            counts[table] = 0
    return counts | {"patient_counts": patients.collect(home)}


def remember(home: Home, as_of: date, release: Path) -> None:
    """Keep of a finished release, for the nights that follow, its list, flags, counts of patients and what CRMs are given."""
    for table, types in KEPT.items():
        columns = ", ".join(types)
        query = f"select {columns}, date {quoted(as_of)} as as_of from read_parquet({quoted(release / 'parquet' / (table + '.parquet'))}) order by all"
        with duckdb.connect() as connection:
            write_query(connection, query, home.history / table / f"{as_of.isoformat()}.parquet")
    patients.remember(home, release)
    crm_writeback.remember(home, release)


def remember_refusals(home: Home, as_of: date) -> None:
    """Keep which CRM records refused and whom they meant, so that the nights that follow know it when a record is deleted."""
    query = (
        f"select {', '.join(REFUSALS)}, date {quoted(as_of)} as as_of from intermediate.int_crm_refusals order by all"
    )
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        write_query(connection, query, home.history / "crm_refusals" / f"{as_of.isoformat()}.parquet")


def carry(home: Home, name: str, as_of: date, path: Path | None) -> None:
    """Keep a file of tonight for the nights that follow, in the place of what an earlier run of this day kept; None keeps nothing."""
    kept = home.history / name / f"{as_of.isoformat()}.parquet"
    if path is None:
        kept.unlink(missing_ok=True)
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_name(f".{kept.name}.part")
    shutil.copyfile(path, part)
    os.replace(part, kept)


def carried_before(home: Home, name: str, as_of: date) -> Path | None:
    """The newest file kept for a day before `as_of`: a past night never reads what was kept later."""
    earlier = sorted(path for path in (home.history / name).glob("*.parquet") if path.stem < as_of.isoformat())
    return earlier[-1] if earlier else None


def record_refresh(home: Home, entry: dict) -> None:
    """Write or replace the record of one refresh."""
    folder = home.history / "refreshes"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{entry['refresh_id']}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(entry, default=str, indent=1, sort_keys=True))
    os.replace(part, path)


def record_failure(home: Home, identity: Identity, step: str, reason: str) -> None:
    """Record that the running refresh failed, at which step first and why; yesterday's publication stays."""
    if (home.history / "refreshes" / f"{identity.refresh_id}.json").exists():
        return
    ended = datetime.now(UTC).replace(tzinfo=None).isoformat()
    record_refresh(home, {**_running(identity), "ended_at": ended, "status": f"failed at {step}: {reason[:500]}"})


def _running(identity: Identity) -> dict:
    return {
        "refresh_id": identity.refresh_id,
        "as_of": identity.as_of.isoformat(),
        "started_at": identity.started_at.isoformat(),
        "ended_at": None,
        "status": "running",
        "rows": "{}",
        "missing_sources": "[]",
        "changes": "[]",
        "model_versions": "{}",
        "code_version": identity.code_version,
        "refreshed_sources": json.dumps(identity.refreshed_sources),
    }


def write_refreshes(home: Home, identity: Identity) -> int:
    """Write `raw/border/refreshes`: earlier refreshes as they ended, and the running one; returns the number of rows."""
    running = _running(identity)
    earlier = [json.loads(path.read_text()) for path in sorted((home.history / "refreshes").glob("*.json"))]
    entries = [*(entry for entry in earlier if entry["refresh_id"] != identity.refresh_id), running]
    # A refresh of before a column was there tells nothing of it.
    rows = [{column: _moment(entry.get(column), kind) for column, kind in REFRESHES.items()} for entry in entries]
    frame = pd.DataFrame(rows, columns=list(REFRESHES), dtype=object)
    return write_frame(frame, REFRESHES, home.raw / "border" / "refreshes" / "refreshes.parquet")


def _moment(value: str | None, kind: str) -> str | date | datetime | None:
    if value is None or kind not in {"date", "ts"}:
        return value
    return date.fromisoformat(value) if kind == "date" else datetime.fromisoformat(value)
