"""`fieldscope pull salesforce | hubspot`. Thin: reads its options, shows what became of each object.

Exit codes: 0 everything asked for is in the landing zone; 1 something is not; 2 wrong usage.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:  # the client libraries take a second to import: only whoever pulls waits for them
    from dagster_project.pull.hubspot import HubspotAccount
    from dagster_project.pull.pull import Outcome
    from dagster_project.pull.salesforce import SalesforceOrg

app = typer.Typer(no_args_is_help=True, help="Get a CRM's objects over its interface into the landing zone.")

Landing = Annotated[
    Path | None, typer.Option("--landing", metavar="DIR", help="Landing zone to write. [dim]Default: <home>/landing[/]")
]
Objects = Annotated[str, typer.Option("--objects", metavar="A,B", help="Only these objects. [dim]Default: all[/]")]
Full = Annotated[bool, typer.Option("--full", help="Everything again, not only what changed.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be asked for; write nothing.")]


@app.command()
def salesforce(landing: Landing = None, objects: Objects = "", full: Full = False, dry_run: DryRun = False) -> None:
    """Salesforce, by the Bulk API 2.0. Access comes from FIELDSCOPE_SALESFORCE_…; docs/pull.md names the variables."""
    from dagster_project.pull.salesforce import SalesforceOrg

    _pull(SalesforceOrg, landing, objects, full, dry_run)


@app.command()
def hubspot(landing: Landing = None, objects: Objects = "", full: Full = False, dry_run: DryRun = False) -> None:
    """HubSpot, by its CRM interface. Access comes from FIELDSCOPE_HUBSPOT_TOKEN, the token of a private app."""
    from dagster_project.pull.hubspot import HubspotAccount

    _pull(HubspotAccount, landing, objects, full, dry_run)


def _pull(
    connect: "type[SalesforceOrg] | type[HubspotAccount]",
    landing: Path | None,
    objects: str,
    is_full: bool,
    is_dry: bool,
) -> None:
    from dagster_project.ingest.contract import LandingError
    from dagster_project.pull.faults import AccessError
    from dagster_project.pull.pull import preview, pull
    from dagster_project.settings import Settings

    settings = Settings(landing=landing) if landing else Settings()
    target = settings.landing_zone
    names = _names(objects, connect.objects)
    width = None if sys.stdout.isatty() else 140
    console, errors = Console(width=width), Console(stderr=True, width=width)
    table = Table("object", "changed since", "records" if is_dry else "records in the file", "")
    failed = False
    try:
        crm = connect(target)
        outcomes = (
            preview(crm, target, names, is_full)
            if is_dry
            else pull(crm, target, settings.paths.spill, names, is_full, settings.duckdb_config())
        )
        for outcome in _shown(outcomes, console):
            failed |= outcome.is_failure
            left_out = f"not in this org: {', '.join(outcome.left_out)}" if outcome.left_out else ""
            rows = "" if outcome.rows is None else f"{outcome.rows:,}"
            since = outcome.since or ("" if outcome.problem else "everything")
            table.add_row(outcome.name, since, rows, "[red]failed[/]" if outcome.is_failure else left_out)
            if outcome.problem:
                errors.print(
                    outcome.problem, markup=False, highlight=False, style="red" if outcome.is_failure else "dim"
                )
    except (AccessError, LandingError, OSError) as reason:
        errors.print(str(reason), markup=False, highlight=False, style="red")
        failed = True
    if table.row_count:
        console.print(table)
    raise typer.Exit(1 if failed else 0)


def _shown(outcomes: "Iterator[Outcome]", console: Console) -> "Iterator[Outcome]":
    """The outcomes as they come, under a line that says which was the last: a first pull takes a while."""
    with console.status("Asking the CRM") as status:
        for outcome in outcomes:
            status.update(f"{outcome.name} is done; going on")
            yield outcome


def _names(objects: str, known: tuple[str, ...]) -> tuple[str, ...]:
    wanted = [name.strip() for name in objects.split(",") if name.strip()]
    by_name = {name.lower(): name for name in known}
    for name in wanted:
        if name.lower() not in by_name:
            raise typer.BadParameter(f"'{name}' is none of {', '.join(known)}", param_hint="--objects")
    return tuple(by_name[name.lower()] for name in wanted) or known
