"""One pull of one CRM, object by object: plan, fetch, merge, rename, mark.

Belongs here: the order of the steps and what an object's failure does to the rest. Not here: any CRM's own ways.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster_project.pull.faults import AbsentError, AccessError, CrmError
from dagster_project.pull.landed import Landed, land
from dagster_project.pull.marks import Marks, pulling
from dagster_project.pull.plan import Crm, Plan


@dataclass(frozen=True)
class Outcome:
    """What became of one object; `problem` says what to do where it was not pulled."""

    name: str
    since: str = ""
    rows: int | None = None
    changed_files: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    problem: str | None = None
    is_failure: bool = False


def preview(crm: Crm, landing: Path, names: Sequence[str], is_full: bool) -> Iterator[Outcome]:
    """What a pull would ask for: each object's mark and how many records changed since. Writes nothing."""
    marks = Marks(landing / "crm" / crm.name, crm.org)

    def counted(plan: Plan, since: datetime | None) -> Outcome:
        return Outcome(plan.name, _shown(marks, plan, since), crm.count(plan, since), left_out=plan.left_out)

    yield from _each(crm, marks, names, is_full, counted)


def pull(
    crm: Crm, landing: Path, spill: Path, names: Sequence[str], is_full: bool, config: dict[str, Any]
) -> Iterator[Outcome]:
    """Pulls the objects one after another; what has been yielded is in the landing zone."""
    folder = landing / "crm" / crm.name
    spill.mkdir(parents=True, exist_ok=True)
    with pulling(folder):
        marks = Marks(folder, crm.org)

        def pulled(plan: Plan, since: datetime | None) -> Outcome:
            shown = _shown(marks, plan, since)
            with tempfile.TemporaryDirectory(prefix="pull-", dir=spill) as pages:
                fetched = crm.fetch(plan, since, Path(pages))
                landed = {
                    table.file: land(folder, table, fetched.pages[table.file], since is None, config)
                    for table in plan.tables
                }
            marks.set(plan, _until(next(iter(landed.values())), fetched.complete_until))
            changed = tuple(file for file, now in landed.items() if now.is_changed)
            return Outcome(plan.name, shown, landed[plan.tables[0].file].rows, changed, plan.left_out)

        yield from _each(crm, marks, names, is_full, pulled)


def _each(crm: Crm, marks: Marks, names: Sequence[str], is_full: bool, act) -> Iterator[Outcome]:
    for name in names:
        try:
            plan = crm.plan(name)
            yield act(plan, None if is_full else marks.since(plan))
        except AccessError:
            raise
        except AbsentError as reason:
            yield Outcome(name, problem=str(reason), is_failure=name in crm.required)
        except CrmError as reason:
            yield Outcome(name, problem=str(reason), is_failure=True)
        except OSError as reason:
            where = reason.filename or crm.name
            raise AccessError(
                f"{name}: {where} cannot be written ({reason.strerror}); free some space or give write access, then pull again"
            ) from None


def _shown(marks: Marks, plan: Plan, since: datetime | None) -> str:
    return marks.shown(plan.name) if since is not None else ""


def _until(landed: Landed, complete_until: str | None) -> str | None:
    """The newest change that the file holds, but none later than the CRM's clock when the question was put."""
    known = [time for time in (landed.newest, complete_until) if time]
    return min(known) if landed.newest else None
