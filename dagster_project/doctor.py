"""What `fieldscope doctor` looks at. Each check returns one finding in plain words, with what to do.

Belongs here: the state of this machine, home and landing zone. Not here: the quality of rows (border) or of a release (audit).
"""

import json
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from dagster_project.ingest.catalog import Catalog
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.contract_checks import judged
from dagster_project.ingest.lake_check import damaged_versions
from dagster_project.ingest.landing_zone import check_landing
from dagster_project.ingest.overrides import FILE as OVERRIDES
from dagster_project.lock import running_refresh
from dagster_project.missed import last_night
from dagster_project.publish import privacy
from dagster_project.settings import Settings

LEAST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    subject: str
    well: bool
    message: str


def examine(settings: Settings) -> list[Finding]:
    """Every finding, the good ones too."""
    return [
        _python(),
        _home(settings),
        _disk(settings),
        _lock(settings),
        _landing(settings),
        _contracts(settings),
        _published(settings),
        _last_night(settings),
        _patients(settings),
    ]


def examine_lake(settings: Settings) -> Finding:
    """Whether every file of the lake is what was written; reads all of it."""
    damaged = [f"{version} (of {file})" for version, file in damaged_versions(settings.paths.lake)]
    if not damaged:
        return Finding("lake", True, "every version is what was written")
    cure = "remove them; the next refresh reads anew what the landing zone still holds"
    return Finding("lake", False, f"damaged or gone: {'; '.join(damaged)}; {cure}")


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info[:2] == (3, 11), f"{found}; Fieldscope is proven on 3.11")


def _home(settings: Settings) -> Finding:
    try:
        settings.paths.prepare()
    except OSError as error:
        return Finding("home", False, str(error))
    return Finding("home", True, f"{settings.paths.root} can be written")


def _disk(settings: Settings) -> Finding:
    place = next(p for p in (settings.paths.root, *settings.paths.root.parents) if p.exists())
    free = shutil.disk_usage(place).free
    return Finding(
        "disk", free > LEAST_FREE_BYTES, f"{free / 1024**3:.1f} GB free below {place}; a refresh wants at least 2 GB"
    )


def _lock(settings: Settings) -> Finding:
    running = running_refresh(settings.paths.lock)
    return Finding("refresh", True, f"one is running: {running}" if running else "none is running")


def _landing(settings: Settings) -> Finding:
    problems = check_landing(settings.landing_zone)
    if problems:
        return Finding("landing zone", False, f"{settings.landing_zone}: " + "; ".join(problems))
    return Finding("landing zone", True, f"{settings.landing_zone} holds a company and a CRM")


def _contracts(settings: Settings) -> Finding:
    """What the contracts made of the last delivery, and where a person reads it."""
    page = settings.paths.data_docs / "index.html"
    if not page.exists():
        return Finding("contracts", True, "no file was judged yet")
    catalogs = (Catalog.of(settings.paths.lake, source.name) for source in SOURCES)
    files = [record for catalog in catalogs for record in judged(catalog.records.values())]
    refused = [record.file for record in files if record.status == "refused"]
    broken = f"refused: {', '.join(refused)}; mend them or approve them in {OVERRIDES}" if refused else "none refused"
    return Finding("contracts", not refused, f"{len(files)} files judged, {broken}; open {page}")


def _published(settings: Settings) -> Finding:
    current = settings.paths.current
    if not current.exists():
        return Finding("publication", False, "nothing is published yet: run `fieldscope run`")
    facts = json.loads((current / "manifest.json").read_text())
    broken = _unreadable(current.resolve())
    if broken:
        return Finding("publication", False, f"{broken}; run `fieldscope run` again")
    missing = ", ".join(facts["missing_sources"]) or "none"
    day = date.fromisoformat(facts["as_of"])
    return Finding("publication", True, f"as of {day:%d %B %Y}, {len(facts['rows'])} marts; missing sources: {missing}")


def _last_night(settings: Settings) -> Finding:
    night = last_night(settings, datetime.now(UTC))
    if night.is_missed and running_refresh(settings.paths.lock):
        return Finding("night", True, "the last one that was due is running")
    return Finding("night", not night.is_missed, night.message)


def _patients(settings: Settings) -> Finding:
    """No column and no cell that readers can see may look like a patient."""
    database = settings.paths.current / "fieldscope.duckdb"
    if not database.exists():
        return Finding("patients", True, "nothing is published yet")
    try:
        with duckdb.connect(str(database.resolve()), read_only=True) as connection:
            found = privacy.suspicious_columns(connection) + privacy.suspicious_cells(connection)
    except duckdb.Error as error:
        return Finding("patients", False, f"the published database cannot be searched: {error}")
    if found:
        advice = "find the source that brings it and leave that column or cell out, then run `fieldscope run` again"
        return Finding("patients", False, f"these look like patient identifiers: {', '.join(found)}; {advice}")
    return Finding("patients", True, "nothing published looks like a patient identifier, birth date or patient name")


def _unreadable(release: Path) -> str | None:
    try:
        with duckdb.connect(str(release / "fieldscope.duckdb"), read_only=True) as connection:
            connection.execute("select count(*) from providers").fetchone()
    except duckdb.Error as error:
        return f"the published database cannot be read: {error}"
    return None
