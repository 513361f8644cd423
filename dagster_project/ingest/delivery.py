"""What no refresh can do without: why a night stops at the border, in words that say what to do.

Belongs here: tables without a version in use, and versions that the lake lost. Does not belong here: single rows and files that
a refresh can go on without (`border`).
"""

from __future__ import annotations

import re
from pathlib import Path

from dagster_project.ingest.catalog import Catalog, Record
from dagster_project.ingest.contract import LandingError, Source
from dagster_project.ingest.result import SourceResult


def check_delivered(source: Source, landing: Path, night: Catalog, result: SourceResult) -> None:
    """Raises where no version is in use of a table that no refresh can do without."""
    needed = [*source.required, *(table for table in source.gates if _is_delivered(source, table, night))]
    lacking = [table for table in needed if not any(record.table == table for record in night.active)]
    if not lacking:
        return
    names = ", ".join(source.contract(table).file_name for table in lacking)
    told = [*result.refused.values(), *result.unrecognised.values()]
    told += [f"{name}: still being written" for name in result.waiting]
    said = "".join(f"; {message}" for message in told)
    raise LandingError(f"{landing / source.folder} lacks a usable {names}{said}. Add or mend it and run again.")


def _is_delivered(source: Source, table: str, night: Catalog) -> bool:
    """True when a file of this table's name lies in the landing zone, whatever is in it."""
    pattern = source.contract(table).pattern
    return any(re.search(pattern, Path(name).name.lower()) for name in (*night.records, *night.waiting))


def lost(version: Path, record: Record, replayed: str | None) -> LandingError:
    """A version in use is not what was written, and no delivery gives it again."""
    cure = (
        f"this home cannot give the night of {replayed} again: run it with another --home"
        if replayed
        else "deliver that content again, or take the file out of the landing zone to go on without it"
    )
    return LandingError(
        f"the lake file {version}, which holds {record.file}, is damaged or gone, and the landing zone has no copy of it"
        f" that can be read; {cure}"
    )
