"""`crm_writeback/`: the files that a CRM loads, what changed since the night before, and the whole that a push compares.

Belongs here: the folder of a release, the memory of earlier nights, the promises that the audit looks at. Not here: which rows
(`crm_writeback_rows`), how a CRM is told (`crm_writeback_layouts`), sending them (`dagster_project.push`).
"""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import duckdb

from dagster_project.parquet import quoted, write_query
from dagster_project.publish.crm_writeback_layouts import Layout, cell, layout_of
from dagster_project.publish.crm_writeback_rows import COLUMNS, changes, crms_of, is_vault, place
from dagster_project.settings import Home

FOLDER, WHOLE, LAYOUTS, WITHOUT = "crm_writeback", "whole.parquet", "layouts.json", "without_contact.csv"
# By these the CRM finds the record itself, whatever else changes in it.
OWN_IDS = ("id", "hs_object_id")


def write(release: Path, home: Home, as_of: date, landing: Path, config: dict) -> dict[str, int]:
    """Write the folder into a release that holds its database; returns the rows of each file."""
    folder = release / FOLDER
    folder.mkdir()
    if home.current.exists():  # a night that was killed between its swap and its memory
        remember(home, home.current.resolve())
    with duckdb.connect(config=config) as connection:
        connection.execute(f"attach {quoted(release / 'fieldscope.duckdb')} as release (read_only)")
        connection.execute(f"attach {quoted(home.warehouse)} as warehouse (read_only)")
        vault = is_vault(connection)
        layouts = [layout_of(crm, landing, vault) for crm in crms_of(connection)]
        by_record = [layout.crm for layout in layouts if layout.key.lower() in OWN_IDS]
        by_npi = [layout.crm for layout in layouts if layout.crm == "hubspot" and layout.crm not in by_record]
        place(connection, by_record, by_npi)
        write_query(connection, "select * from tonight order by crm, external_id", folder / WHOLE)
        earlier = _earlier(connection, home, as_of)
        rows = {
            layout.file: _write_csv(
                folder / layout.file,
                layout.columns,
                (layout.cells(row) for row in changes(connection, layout.crm, earlier, earlier)),
            )
            for layout in layouts
        }
        found = connection.execute("select * from without_contact order by crm, territory_id, rank, npi")
        header = [column[0] for column in found.description]
        rows[WITHOUT] = _write_csv(
            folder / WITHOUT, header, ([cell(value) for value in row] for row in found.fetchall())
        )
    (folder / LAYOUTS).write_text(json.dumps([layout.facts() for layout in layouts], indent=1) + "\n", encoding="utf-8")
    return rows


def remember(home: Home, release: Path) -> None:
    """Keep what a finished release gives to the CRMs, under its day, for the nights that follow."""
    whole = release / FOLDER / WHOLE
    if whole.exists():
        day = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["as_of"]
        with duckdb.connect() as connection:
            write_query(connection, f"select * from read_parquet({quoted(whole)})", _memory(home) / f"{day}.parquet")


def layouts_of(release: Path) -> list[Layout]:
    """The layouts under which a release was written; none where it is of before there were any."""
    path = release / FOLDER / LAYOUTS
    return [Layout(**facts) for facts in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def _earlier(connection: duckdb.DuckDBPyConnection, home: Home, as_of: date) -> list[str]:
    """Tables of what was given by the last night before `as_of` and, where this night is repeated, by its last try."""
    nights = sorted(path for path in _memory(home).glob("*.parquet") if path.stem < as_of.isoformat())
    tries = _memory(home) / f"{as_of.isoformat()}.parquet"
    tables = {"before": nights[-1] if nights else None, "tried": tries if tries.exists() else None}
    shown = ", ".join(COLUMNS)
    for name, path in tables.items():
        # By name: a night of before a column was there tells nothing of it.
        found = f" union all by name select * from read_parquet({quoted(path)})" if path else ""
        connection.execute(f"create table {name} as select {shown} from (select * from tonight where false{found})")
    return [name for name, path in tables.items() if path or name == "before"]


def _memory(home: Home) -> Path:
    return home.history / "crm_writeback"


def _write_csv(path: Path, header: Iterable[str], rows: Iterable[Sequence[str]]) -> int:
    path.parent.mkdir(exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
