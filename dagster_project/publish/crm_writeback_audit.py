"""What the audit promises of `crm_writeback/`: nobody who may not be listed, no formula, nothing told of who has left.

Belongs here: reading the finished files once more. Not here: writing them (`crm_writeback`).
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb

from dagster_project.parquet import quoted
from dagster_project.publish.crm_writeback import FOLDER, WHOLE, layouts_of
from dagster_project.publish.crm_writeback_layouts import Layout

_TOLD_OF_TARGETS = ("tier", "rank", "change", "change_reason", "why", "territory_id", "rep_id")


def broken(connection: duckdb.DuckDBPyConnection, release: Path) -> Iterator[tuple[str, str]]:
    """(check, message) of each promise that the files break, against the release's own marts in `connection`."""
    folder = release / FOLDER
    if not (folder / WHOLE).exists():
        return
    yield from _listed(connection, folder)
    with duckdb.connect() as own:
        live = set(own.execute(f"select crm, external_id from read_parquet({quoted(folder / WHOLE)})").fetchall())
    layouts = {layout.file: layout for layout in layouts_of(release)}
    for path in sorted(folder.rglob("*.csv")):
        name = path.relative_to(folder).as_posix()
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        for line, row in enumerate(rows, 2):
            for column, value in zip(header, row, strict=True):
                if value[:1] in ("=", "+", "-", "@", "\t", "\r"):
                    yield "no formula in a file", f"{FOLDER}/{name}, line {line}: {column} would be taken for a formula"
        if name in layouts:
            yield from _of_who_left(name, layouts[name], rows, live)


def _listed(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[tuple[str, str]]:
    written = f"read_parquet({quoted(folder / WHOLE)})"
    rows = connection.execute(
        f"""
        select distinct written.npi
        from {written} as written
        left join target_list as listed on written.npi = listed.npi
        where listed.npi is null or listed.assignment <> 'treat' or not coalesce(listed.is_compliant, true)
            or written.npi in (select npi from withheld_targets)
        order by written.npi limit 10
        """
    ).fetchall()
    for (npi,) in rows:
        yield "who may not be listed", f"{npi} is written back to a CRM, but is no target for the field"


def _of_who_left(name: str, layout: Layout, rows: list[list[str]], live: set) -> Iterator[tuple[str, str]]:
    told = list(layout.columns.values())
    for line, row in enumerate(rows, 2):
        values = dict(zip(told, row, strict=True))
        if (layout.crm, values["external_id"]) in live:
            continue
        shown = [layout_name for layout_name in _TOLD_OF_TARGETS if values.get(layout_name, layout.null) != layout.null]
        if shown or values.get("is_target") == "true":
            yield (
                "who may not be listed",
                f"{FOLDER}/{name}, line {line} tells {', '.join(shown) or 'a target'} of no target",
            )
