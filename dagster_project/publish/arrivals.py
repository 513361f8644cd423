"""What the manifest and the summary say of tonight's deliveries: what is missing, was not accepted, or took another's place.

Belongs here: reading the border's records. Not here: the verdicts themselves (`ingest.border`).
"""

from datetime import date
from pathlib import Path
from typing import Any

from dagster_project.ingest.catalog import Catalog
from dagster_project.ingest.changes import changes_of
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.nights import Nights, in_use

ALWAYS_THERE = {"company", "reference"}


def facts_of(lake: Path, as_of: date) -> dict[str, Any]:
    """Of the night of `as_of`: `missing_sources` without an accepted file; `refused`, `unrecognised`, `waiting` and `damaged`
    files; `changes` since the night before; `replayed` sources; `versions` in use by source and file, as content hashes."""
    facts: dict[str, Any] = {
        name: [] for name in ("missing_sources", "refused", "unrecognised", "waiting", "damaged", "changes", "replayed")
    }
    facts["versions"] = {}
    nights = {source.name: in_use(lake, source.name, as_of) for source in SOURCES}
    has_alternative = any(source.is_alternative and nights[source.name].active for source in SOURCES)
    for source in SOURCES:
        night = nights[source.name]
        is_needed = source.name not in ALWAYS_THERE and not (source.is_alternative and has_alternative)
        if is_needed and not night.active:
            facts["missing_sources"].append(source.name)
        for record in night.records.values():
            if record.status in ("refused", "unrecognised"):
                facts[record.status].append(f"{record.file}: {record.reason}")
        facts["waiting"] += night.waiting
        facts["damaged"] += night.damaged
        earlier = Nights(lake, source.name).last(as_of, is_included=False)
        facts["changes"] += [change.facts for change in changes_of(source.name, earlier, night, as_of)]
        if night.path != Catalog.of(lake, source.name).path:
            facts["replayed"].append(source.name)
        facts["versions"][source.name] = {record.file: record.content_hash for record in night.active}
    return facts
