"""A country's lake, written straight as raw Parquet: what the border would leave of three public years, 30 deliveries of claim
lines, four releases of Open Payments, the registers and a Salesforce org. The border itself is not in this bench.

Belongs here: which tables in which files, on which night. Not here: what a row looks like, which is in `nation/*.sql`. Every
value follows from the number of its row, so the same lake comes out on every machine; it is written once and kept.
"""

import filecmp
import os
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from dagster_project.ingest.border import raw_schema
from dagster_project.parquet import named, quoted, write_query
from dagster_project.settings import PROJECT

ZIPS = PROJECT / "dagster_project" / "ingest" / "reference" / "zip_centroids.csv"
SQL = Path(__file__).parent / "nation"
# The night of a full build, and the next one: one delivery of claim lines and one day of CRM later.
FIRST_NIGHT, NEXT_NIGHT = date(2026, 7, 24), date(2026, 7, 25)
DELIVERIES = 30
RELEASES = [(2023, "2025-01-30"), (2024, "2025-06-30"), (2024, "2026-01-23"), (2025, "2026-06-30")]
TERRITORIES = 300


class Nation:
    """The country at a share of its size, ready to be written into a lake."""

    def __init__(self, share: float, memory_limit: str = "4GB") -> None:
        self.share, self.schema = share, raw_schema()
        self.con = duckdb.connect(config={"memory_limit": memory_limit, "preserve_insertion_order": False})
        for name, value in {
            "share": share,
            "zip_file": str(ZIPS),
            "territories": max(3, round(TERRITORIES * share)),
        }.items():
            self.con.execute(f"set variable {name} = {quoted(value) if isinstance(value, str) else value}")
        self._on(FIRST_NIGHT)
        for part in ("people", "company", "claims", "crm"):
            self.con.execute((SQL / f"{part}.sql").read_text())

    def _on(self, night: date) -> None:
        self.con.execute(f"set variable night = date '{night}'")

    def write_full(self, lake: Path) -> dict[str, int]:
        """Every raw table as it stands on the first night; returns rows by table."""
        self._on(FIRST_NIGHT)
        rows: dict[str, int] = {}
        for place in self._views():
            rows[place] = self._write(lake, place, "all", f'"{place}"')
        for year in (22, 23, 24):
            rows[f"claims/provider_service {year}"] = self._write(
                lake, "claims/provider_service", f"d{year}", f"provider_service({year})"
            )
        for year in (23, 24):
            rows[f"claims/part_d {year}"] = self._write(lake, "claims/part_d", f"d{year}", f"part_d({year})")
        for delivery in range(DELIVERIES):
            rows[f"claims/medical_claim {delivery}"] = self._deliver(lake, delivery)
        for program, release in RELEASES:
            name = f"open_payments/general {program} {release}"
            rows[name] = self._write(
                lake,
                "open_payments/general",
                f"{program}_{release}",
                f"general({program}, date '{release}', '{release}')",
            )
        return rows

    def write_next_day(self, lake: Path) -> None:
        """One more month of claim lines, and the CRM exported a day later: an export that says what stands is the same file."""
        self._on(NEXT_NIGHT)
        self._deliver(lake, DELIVERIES)
        for place in self._views():
            if place.startswith("salesforce/"):
                self._write(lake, place, "today", f'"{place}"')
                today, stands = (lake / "raw" / place / f"{name}.parquet" for name in ("today", "all"))
                if filecmp.cmp(today, stands, shallow=False):
                    today.unlink()
                else:
                    os.replace(today, stands)

    def _views(self) -> list[str]:
        found = self.con.execute(
            "select view_name from duckdb_views() where view_name like '%/%' order by view_name"
        ).fetchall()
        return [name for (name,) in found]

    def _deliver(self, lake: Path, delivery: int) -> int:
        return self._write(lake, "claims/medical_claim", f"delivery_{delivery:02d}", f"medical_claim({delivery})")

    def _write(self, lake: Path, place: str, file: str, relation: str) -> int:
        source, table = place.split("/")
        types = self.schema[source, table]
        given = [name for name, *_ in self.con.execute(f"describe select * from {relation}").fetchall()]
        if unknown := set(given) - set(types):
            raise ValueError(f"{place} has no {', '.join(sorted(unknown))}")
        columns = ", ".join(f"cast({named(name)} as {types[name]}) as {named(name)}" for name in given)
        return write_query(self.con, f"select {columns} from {relation}", lake / "raw" / place / f"{file}.parquet")


def lake_of(folder: Path, share: float) -> Path:
    """The lake of the first night, written unless it is there."""
    lake = folder / f"nation-{share:g}" / "first" / "lake"
    if not lake.exists():
        part = lake.with_suffix(".part")
        rows = Nation(share).write_full(part)
        for place, count in rows.items():
            print(f"{place:45}{count:>14,}", flush=True)
        os.replace(part, lake)
    _write_empty(lake)
    return lake


def lake_of_next_night(folder: Path, share: float) -> Path:
    """The same lake a night later: what has not changed is the same file, as the border links it."""
    first, lake = lake_of(folder, share), folder / f"nation-{share:g}" / "next" / "lake"
    if not lake.exists():
        part = lake.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(first / "raw", part / "raw", copy_function=os.link, ignore=shutil.ignore_patterns("history"))
        Nation(share).write_next_day(part)
        os.replace(part, lake)
    _link_empty(first, lake)
    return lake


def lake_of_quiet_night(folder: Path, share: float) -> Path:
    """The same lake a night later, when the CRM was exported and no claim line came."""
    later, lake = lake_of_next_night(folder, share), folder / f"nation-{share:g}" / "quiet" / "lake"
    if not lake.exists():
        without = shutil.ignore_patterns("history", f"delivery_{DELIVERIES}.parquet")
        shutil.copytree(later / "raw", lake / "raw", copy_function=os.link, ignore=without)
    _link_empty(later, lake)
    return lake


def _link_empty(earlier: Path, lake: Path) -> None:
    """The columns may have become more since a lake was written; what is the same file on both nights has not changed."""
    for path in earlier.glob("raw/*/*/_empty.parquet"):
        linked = lake / path.relative_to(earlier)
        linked.parent.mkdir(parents=True, exist_ok=True)
        linked.unlink(missing_ok=True)
        os.link(path, linked)


def _write_empty(lake: Path) -> None:
    """What the border leaves beside the versions of each table: all of its columns and no row."""
    with duckdb.connect() as con:
        for (source, table), types in raw_schema().items():
            path = lake / "raw" / source / table / "_empty.parquet"
            if not path.exists() or pq.read_schema(path).names != list(types):
                columns = ", ".join(f"cast(null as {kind}) as {named(name)}" for name, kind in types.items())
                write_query(con, f"select {columns} limit 0", path)
