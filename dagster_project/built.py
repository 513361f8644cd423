"""From what the warehouse was built, and whether that was published: what the next refresh may rely on.

Belongs here: one small JSON file beside the warehouse, rewritten at the start and at the end of each refresh. A killed or failed
refresh leaves it unpublished, so nothing is ever built on half a warehouse. Not here: who starts a refresh (`sensors`).
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from dagster_project.settings import Home
from dagster_project.watch import Looks


@dataclass(frozen=True)
class Built:
    """One refresh as the next one sees it. `looks` is the landing zone as it lay when each source was read last."""

    refresh_id: str
    as_of: date
    started_at: datetime
    code: str
    looks: Looks
    is_of_its_time: bool
    published: bool = False

    def carries(self, as_of: date, code: str) -> bool:
        """True when a part can be refreshed alone: the rest was published for the same day by the same code."""
        return self.published and (self.as_of, self.code) == (as_of, code)


def last_built(home: Home) -> Built | None:
    """What the last refresh of this home left; None before the first one, and where the warehouse is gone."""
    try:
        stored = json.loads(home.built_from.read_text())
        if not home.warehouse.exists() and stored["published"]:
            return None
        as_of, started_at = date.fromisoformat(stored.pop("as_of")), datetime.fromisoformat(stored.pop("started_at"))
        return Built(as_of=as_of, started_at=started_at, **stored)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember_built(home: Home, built: Built) -> None:
    """Write it down, whole or not at all."""
    part = home.built_from.with_suffix(".part")
    part.write_text(json.dumps(asdict(built), default=str, indent=1))
    os.replace(part, home.built_from)


def remember_published(home: Home, refresh_id: str) -> None:
    """The running refresh was published: what it built may be built upon."""
    built = last_built(home)
    if built and built.refresh_id == refresh_id:
        remember_built(home, replace(built, published=True))
