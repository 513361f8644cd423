"""What the manifest and the summary say of tonight's deliveries: sources without a file, files that were not accepted.

Belongs here: reading the border's records. Not here: the verdicts themselves (`ingest.border`).
"""

from pathlib import Path

from dagster_project.ingest.catalog import Catalog
from dagster_project.ingest.contents import SOURCES

ALWAYS_THERE = {"company", "reference"}


def facts_of(lake: Path) -> dict[str, list[str]]:
    """`missing_sources`: names of sources without an accepted file; `refused` and `unrecognised`: one message a file."""
    facts: dict[str, list[str]] = {"missing_sources": [], "refused": [], "unrecognised": []}
    for source in SOURCES:
        records = Catalog(lake, source.name).records.values()
        if source.name not in ALWAYS_THERE and not any(record.active for record in records):
            facts["missing_sources"].append(source.name)
        for record in records:
            if record.status in ("refused", "unrecognised"):
                facts[record.status].append(f"{record.file}: {record.reason}")
    return facts
