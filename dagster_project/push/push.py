"""One push to one CRM, object by object: settle what an earlier push left open, send what is not confirmed, count.

Belongs here: the order of the steps and what a failure does to the rest. Not here: any CRM's own ways.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from dagster_project.publish.crm_writeback_layouts import Layout
from dagster_project.pull.faults import AccessError, CrmError
from dagster_project.push.ledger import Ledger, pushing
from dagster_project.push.publication import Publication
from dagster_project.settings import Home

SHOWN = 5


class Crm(Protocol):
    """What the push needs of a CRM; one module each."""

    name: str
    org: str
    crms: tuple[str, ...]

    def settle(self, layout: Layout, ledger: Ledger) -> list[str]:
        """Find out what became of jobs that an earlier push left open; returns them."""
        ...

    def send(self, layout: Layout, rows: Sequence[dict[str, Any]], as_of: str, ledger: Ledger) -> Iterator[str]:
        """Send the rows and write down what the CRM said; yields each job when it is begun."""
        ...


@dataclass
class Outcome:
    """What became of one object's rows; `problem` says what to do where some could not be sent, `is_end` that none can."""

    object: str
    targets: int = 0
    removals: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    first: list[list[str]] = field(default_factory=list)
    problem: str | None = None
    is_end: bool = False

    @property
    def is_failure(self) -> bool:
        return self.problem is not None or any(count for name, count in self.counts.items() if name != "success")


def preview(crms: tuple[str, ...], name: str, home: Home, is_full: bool) -> Iterator[Outcome]:
    """What a push would send: counts and the first rows of each object. Asks no CRM and writes nothing."""
    publication, path = Publication(home), _path(home, name)
    for layout in publication.layouts(crms):
        ledger = Ledger(path) if path.exists() else None
        rows = publication.unconfirmed(layout, ledger, is_full)
        outcome = _counted(layout, rows)
        outcome.header, outcome.first = list(layout.columns), [layout.cells(row) for row in rows[:SHOWN]]
        if ledger and (waiting := sum(map(len, ledger.open_jobs(layout.object).values()))):
            outcome.counts["sent"] = waiting
        yield outcome


def push(crm: Crm, home: Home, is_full: bool) -> Iterator[Outcome]:
    """Sends one object after another; what is yielded is written down."""
    publication, path = Publication(home), _path(home, crm.name)
    layouts = publication.layouts(crm.crms)
    with pushing(path):
        ledger = Ledger(path, crm.org)
        if (newest := ledger.newest_publication()) > publication.as_of:
            raise AccessError(
                f"The publication is as of {publication.as_of}, but {crm.name} was given that of {newest} already; run"
                " `fieldscope run` for today first: an older list must not replace a newer one"
            )
        for layout in layouts:
            yield (outcome := _pushed(crm, publication, layout, ledger, is_full))
            if outcome.is_end:
                return


def _pushed(crm: Crm, publication: Publication, layout: Layout, ledger: Ledger, is_full: bool) -> Outcome:
    outcome, jobs = Outcome(layout.object), []
    try:
        jobs += crm.settle(layout, ledger)
        rows = publication.unconfirmed(layout, ledger, is_full)
        outcome = _counted(layout, rows)
        for job in crm.send(layout, rows, publication.as_of, ledger) if rows else ():
            jobs.append(job)
    except CrmError as reason:
        outcome.problem, outcome.is_end = str(reason), isinstance(reason, AccessError)
    settled = {key: (result, error) for key, _, result, error in ledger.of_jobs(jobs)} if jobs else {}
    outcome.counts = Counter(result for result, _ in settled.values())
    outcome.failures = [(key, f"{result}: {error}") for key, (result, error) in settled.items() if result != "success"]
    return outcome


def _counted(layout: Layout, rows: Sequence[dict[str, Any]]) -> Outcome:
    removals = sum(bool(row["is_removal"]) for row in rows)
    return Outcome(layout.object, len(rows) - removals, removals)


def _path(home: Home, name: str) -> Path:
    return home.root / "pushed" / f"{name}.sqlite"
