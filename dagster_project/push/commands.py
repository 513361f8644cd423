"""`fieldscope push salesforce | hubspot`. Thin: reads its options, shows what became of each object's rows.

Exit codes: 0 everything that was to be sent is confirmed; 1 something is not; 2 wrong usage.
"""

import os
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:  # the client libraries take a second to import: only whoever pushes waits for them
    from dagster_project.push.push import Outcome

app = typer.Typer(no_args_is_help=True, help="Give a CRM tonight's targets, and take back whoever left the list.")

HomeFolder = Annotated[
    Path | None, typer.Option("--home", metavar="DIR", help="Home that was published. [dim]Default: data/[/]")
]
Full = Annotated[bool, typer.Option("--full", help="The whole list again, not only what is not confirmed.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be sent; send nothing.")]
MOST_FAILURES = 10


@app.command()
def salesforce(home: HomeFolder = None, full: Full = False, dry_run: DryRun = False) -> None:
    """Salesforce and Veeva CRM, by the Bulk API 2.0. Access comes from FIELDSCOPE_SALESFORCE_…; docs/push.md names the variables."""
    from dagster_project.push.salesforce import SalesforceOrg

    _push(SalesforceOrg, home, full, dry_run)


@app.command()
def hubspot(home: HomeFolder = None, full: Full = False, dry_run: DryRun = False) -> None:
    """HubSpot, by its CRM interface. Access comes from FIELDSCOPE_HUBSPOT_TOKEN, the token of a private app."""
    from dagster_project.push.hubspot import HubspotAccount

    _push(HubspotAccount, home, full, dry_run)


def _push(connect, home: Path | None, is_full: bool, is_dry: bool) -> None:
    from dagster_project.pull.faults import AccessError
    from dagster_project.push.push import preview, push
    from dagster_project.settings import Settings

    if home is not None:
        os.environ["FIELDSCOPE_HOME"] = str(home.expanduser().resolve())
    paths = Settings().paths
    width = None if sys.stdout.isatty() else 140
    console, errors = Console(width=width), Console(stderr=True, width=width)
    failed = False
    try:
        if is_dry:
            _show_preview(console, preview(connect.crms, connect.name, paths, is_full))
        else:
            with console.status("Telling the CRM"):
                outcomes = list(push(connect(), paths, is_full))
            failed = _show(console, errors, outcomes, paths.root / "pushed" / f"{connect.name}.sqlite")
    except (AccessError, OSError) as reason:
        errors.print(str(reason), markup=False, highlight=False, style="red")
        failed = True
    except sqlite3.Error as reason:
        said = f"{paths.root / 'pushed'} cannot be written ({reason}); free some space or give write access, then push again"
        errors.print(said, markup=False, highlight=False, style="red")
        failed = True
    raise typer.Exit(1 if failed else 0)


def _show_preview(console: Console, outcomes: "Iterable[Outcome]") -> None:
    for outcome in outcomes:
        console.print(
            f"{outcome.object}: {outcome.targets:,} targets would be sent, {outcome.removals:,} that left the list be cleared.",
            highlight=False,
        )
        if waiting := outcome.counts["sent"]:
            console.print(
                f"What became of {waiting:,} rows of an earlier push would be found out first.", style="yellow"
            )
        for row in outcome.first:
            told = "; ".join(f"{name}: {value}" for name, value in zip(outcome.header, row, strict=True) if value)
            console.print(Text(f"- {told}"), highlight=False)
    console.print("Nothing was sent.", style="dim")


def _show(console: Console, errors: Console, outcomes: "list[Outcome]", ledger: Path) -> bool:
    """Print what became of each object; returns whether something is not confirmed."""
    table = Table("object", "targets", "cleared", "confirmed", "failed", "unprocessed", "unknown")
    for outcome in outcomes:
        counts = outcome.counts
        unknown = counts["unknown"] + counts["sent"]
        numbers = (
            outcome.targets,
            outcome.removals,
            counts["success"],
            counts["failed"],
            counts["unprocessed"],
            unknown,
        )
        table.add_row(outcome.object, *(f"{number:,}" for number in numbers))
        for key, said in outcome.failures[:MOST_FAILURES]:
            errors.print(f"{outcome.object} {key}: {said}", markup=False, highlight=False, style="red")
        if len(outcome.failures) > MOST_FAILURES:
            errors.print(
                f"{len(outcome.failures) - MOST_FAILURES:,} more stand in {ledger}", highlight=False, style="red"
            )
        if outcome.problem:
            errors.print(outcome.problem, markup=False, highlight=False, style="red")
    console.print(table)
    failed = any(outcome.is_failure for outcome in outcomes)
    if failed:
        errors.print("What is not confirmed is sent again by the next push.", style="dim")
    elif not any(outcome.targets + outcome.removals for outcome in outcomes):
        console.print("The CRM holds tonight's list already.", style="dim")
    return failed
