"""What a pull asks for and what it brings: the words that both CRMs and the landing share.

Belongs here: plain records. Not here: any request, file or name of a CRM.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

# A change may be saved a while before it can be found: long transactions in Salesforce, a search index in HubSpot.
OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True)
class Table:
    """One file of the landing zone. `columns` are those of a page, in their order; `header` those that the file keeps."""

    file: str
    header: tuple[str, ...]
    columns: tuple[str, ...]
    key: str
    stamp: str | None = None
    deleted: str | None = None

    @property
    def is_mergeable(self) -> bool:
        """Changes alone are enough only where each row says when it changed and whether it is gone."""
        return self.stamp is not None and self.deleted is not None


@dataclass(frozen=True)
class Plan:
    """One object of the CRM: its files, our column of each field asked for, and what the org does not have."""

    name: str
    tables: tuple[Table, ...]
    fields: Mapping[str, str]
    left_out: tuple[str, ...] = ()

    @property
    def is_incremental(self) -> bool:
        return all(table.is_mergeable for table in self.tables)


@dataclass(frozen=True)
class Fetched:
    """The pages of each file, and a time of the CRM's own clock from before which nothing is missing."""

    pages: Mapping[str, list[Path]]
    complete_until: str | None


class Crm(Protocol):
    """What the pull needs of a CRM; one module each."""

    name: str
    org: str
    objects: tuple[str, ...]
    required: tuple[str, ...]

    def plan(self, name: str) -> Plan: ...

    def count(self, plan: Plan, since: datetime | None) -> int: ...

    def fetch(self, plan: Plan, since: datetime | None, folder: Path) -> Fetched: ...


def moment(text: str) -> datetime:
    """A CRM's date-time (`…Z`, `+0000`)."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def written(at: datetime) -> str:
    """A date-time as both CRMs write it, so that the order of the texts is the order of the times."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
