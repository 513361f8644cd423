"""`fieldscope fetch cms | open-payments | nppes | care-compare`: the command line of fetching. Thin: options in, lines out.

Exit codes: 0 everything asked for is in the landing zone; 1 something could not be fetched (it says what; the rest is there); 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from dagster_project.fetch.choice import kinds_of, of_years, states_of, years_of
from dagster_project.lock import Busy, held

if TYPE_CHECKING:
    from dagster_project.fetch.portal import Portal
    from dagster_project.fetch.wanted import Wanted

app = typer.Typer(
    no_args_is_help=True,
    help="Get the public files into the landing zone from their publishers; what is there and unchanged is not fetched again.",
)

Years = Annotated[
    str | None, typer.Option("--years", metavar="YEARS", help="As 2019-2022,2024. [dim]Default: the newest[/]")
]
States = Annotated[
    str | None, typer.Option("--states", metavar="STATES", help="As MA,NY: only their rows. [dim]Default: all[/]")
]
Kinds = Annotated[str | None, typer.Option("--kinds", metavar="KINDS", help="Which of its files. [dim]Default: all[/]")]
Landing = Annotated[
    Path | None, typer.Option("--landing", metavar="DIR", help="Landing zone. [dim]Default: <home>/landing[/]")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only list what would come, with sizes.")]


@app.command()
def cms(
    years: Years = None, states: States = None, kinds: Kinds = None, landing: Landing = None, dry_run: DryRun = False
) -> None:
    """CMS volume by data year. Kinds: physicians, inpatient, part-d."""
    from dagster_project.fetch import data_cms

    chosen, asked, where = kinds_of(kinds, tuple(data_cms.DATASETS)), years_of(years), states_of(states)
    _fetch(lambda portal: of_years(data_cms.offered(portal, chosen), chosen, asked), where, landing, dry_run)


@app.command()
def open_payments(
    years: Years = None, states: States = None, kinds: Kinds = None, landing: Landing = None, dry_run: DryRun = False
) -> None:
    """Open Payments by program year. Kinds: general, research, ownership, profiles."""
    from dagster_project.fetch import open_payments

    chosen, asked, where = kinds_of(kinds, open_payments.KINDS), years_of(years), states_of(states)
    _fetch(lambda portal: of_years(open_payments.offered(portal, chosen), chosen, asked), where, landing, dry_run)


@app.command()
def nppes(
    states: States = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="Also the weekly files that follow the month.")] = False,
    landing: Landing = None,
    dry_run: DryRun = False,
) -> None:
    """The provider register (NPPES), newest month. States cut by practice address. It has no years."""
    from dagster_project.fetch import nppes

    _fetch(lambda portal: (nppes.offered(portal, weekly), []), states_of(states), landing, dry_run)


@app.command()
def care_compare(states: States = None, landing: Landing = None, dry_run: DryRun = False) -> None:
    """Clinicians, affiliations and hospitals as dated copies of today. Affiliations tell no state and stay whole. No years."""
    from dagster_project.fetch import care_compare

    _fetch(lambda portal: (care_compare.offered(portal), []), states_of(states), landing, dry_run)


def _fetch(
    offered: Callable[[Portal], tuple[list[Wanted], list[str]]],
    states: tuple[str, ...] | None,
    landing: Path | None,
    dry_run: bool,
) -> None:
    """Looks up what is offered and brings it, file by file; one that fails does not keep the others from coming."""
    from dagster_project.fetch.arrival import Arrival
    from dagster_project.fetch.portal import FetchError, Portal
    from dagster_project.fetch.settings import FetchSettings
    from dagster_project.settings import Settings

    settings = Settings(landing=landing) if landing else Settings()
    portal = Portal(FetchSettings())
    try:
        files, lacking = offered(portal)
    except FetchError as reason:
        _complain(str(reason))
        raise typer.Exit(1) from None
    files = [replace(file, states=states if file.state_columns else None) for file in files]
    failures = [*lacking]
    if dry_run:
        _list(portal, files)
    else:
        # DuckDB makes no parents of the folder into which it spills, and a fetch may be the first thing in a home.
        settings.paths.spill.mkdir(parents=True, exist_ok=True)
        with _alone(settings.landing_zone), _Display() as display:
            arrival = Arrival(portal, settings.landing_zone, settings.duckdb_config(), display.say)
            for file in files:
                try:
                    display.say(f"{file.name}: {arrival.bring(file, display.follow(file.name))}")
                except FetchError as reason:
                    failures.append(f"{file.name}: {reason}")
                except OSError as reason:
                    failures.append(f"{file.name}: {reason}; make room or allow writing there, and run again")
    for failure in failures:
        _complain(failure)
    raise typer.Exit(1 if failures else 0)


def _list(portal: Portal, files: list[Wanted]) -> None:
    """What would come; a size is unknown where neither catalogue nor server tells it."""
    from dagster_project.fetch.data_cms import size_of
    from dagster_project.fetch.download import readable

    sizes = []
    for file in files:
        size = size_of(portal, file) or portal.size(file.url)
        sizes.append(size)
        cut = f", of which the rows of {', '.join(file.states)} are kept" if file.states else ""
        shown = readable(size) if size is not None else "size unknown"
        print(f"{file.folder}/{file.place(file.name)}: {shown}{cut}")
    apart = ", unknown sizes apart" if None in sizes else ""
    total = readable(sum(size or 0 for size in sizes))
    print(f"{len(files)} files, {total} at the publisher{apart}; nothing was fetched")


class _Display:
    """A bar for a person, one line a file for a log."""

    def __init__(self) -> None:
        self.console = Console()
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )

    def __enter__(self) -> _Display:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def say(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def follow(self, name: str) -> Callable[[int, int | None], None]:
        for task in self.bar.task_ids:
            self.bar.remove_task(task)
        task = self.bar.add_task(name, total=None)
        return lambda held, expected: self.bar.update(task, completed=held, total=expected)


@contextmanager
def _alone(landing: Path) -> Generator[None]:
    """One fetch at a time into one landing zone; the lock goes with its process."""
    with ExitStack() as stack:
        try:
            stack.enter_context(held(landing / ".fetch.lock"))
        except Busy:
            _complain(f"another fetch into {landing} is at work; wait for its end")
            raise typer.Exit(1) from None
        yield


def _complain(text: str) -> None:
    Console(stderr=True, style="bold red").print(text, markup=False, highlight=False, soft_wrap=True)
