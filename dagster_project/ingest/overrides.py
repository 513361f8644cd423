"""Who approved what the contracts refuse: `company/overrides.csv`, kept by hand.

    file, content_hash, rule, approved_by, approved_on, reason

Belongs here: reading that file and asking it. Does not belong here: what is refused (`judgement`). An approval names the file,
the rule and a person; `content_hash` is optional and binds it to one delivery.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = "company/overrides.csv"
COLUMNS = ("file", "content_hash", "rule", "approved_by", "approved_on", "reason")


@dataclass(frozen=True)
class Override:
    """One approval: this file may break this rule, because a named person says so."""

    file: str
    content_hash: str
    rule: str
    approved_by: str
    approved_on: str
    reason: str

    def covers(self, file: str, content_hash: str | None, rule: str) -> bool:
        is_this = not self.content_hash or (content_hash or "").startswith(self.content_hash)
        return (self.file, self.rule) == (file, rule) and is_this

    def __str__(self) -> str:
        return f"{self.rule} approved by {self.approved_by} on {self.approved_on}: {self.reason}"


def read_overrides(landing: Path) -> list[Override]:
    """Every complete approval; an incomplete line approves nothing, and the border of `company` says so."""
    try:
        text = (landing / FILE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    found = []
    for line in csv.DictReader(text.splitlines()):
        cells = {
            str(name).strip().lower(): (cell or "").strip() for name, cell in line.items() if isinstance(cell, str)
        }
        stated = [cells.get(name, "") for name in COLUMNS]
        if all(cell for name, cell in zip(COLUMNS, stated, strict=True) if name != "content_hash"):
            found.append(Override(*stated))
    return found
