"""What one source brought over the border, for whoever reports it: assets, summary, exit code.

Belongs here: the words and counts. Does not belong here: the verdicts (`border`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dagster_project.ingest.catalog import Catalog, Record
from dagster_project.ingest.changes import Change
from dagster_project.ingest.contract_checks import judged


@dataclass
class SourceResult:
    """What one source brought: rows a table, and every file by what became of it."""

    source: str
    rows: dict[str, int] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    repeated: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unrecognised: dict[str, str] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    quarantined: dict[str, dict[str, int]] = field(default_factory=dict)
    files_in_use: int = 0
    damaged: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    # Every version that its contract judged, those of refused files too.
    judged: list[Record] = field(default_factory=list)
    # The recorded night that is given again, where this is one of the past.
    replayed: str | None = None

    @property
    def is_missing(self) -> bool:
        """True when no file of the source is in use."""
        return self.files_in_use == 0

    def tell(self, night: Catalog) -> None:
        """Adds what became of each file of the landing zone."""
        self.judged = list(judged(night.records.values()))
        self.waiting, self.damaged = night.waiting, night.damaged
        for name, record in sorted(night.records.items()):
            if name not in self.read and name not in self.waiting:
                self.unchanged.append(name)
            if record.status == "refused":
                kept = "; the version accepted before stays in use" if record.previous else ""
                self.refused[name] = f"{name}: {record.reason}{kept}"
            elif record.status == "unrecognised":
                self.unrecognised[name] = f"{name}: {record.reason}"
            elif record.status == "repeated" and record.repeats:
                self.repeated[name] = record.repeats
            self.warnings += [f"{name}: {warning}" for warning in record.warnings]
            if record.active and record.active.quarantined:
                self.quarantined[name] = {rule: rows for rule, (rows, _) in record.active.quarantined.items()}
