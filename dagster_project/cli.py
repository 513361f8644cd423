"""The command line: `fieldscope run | sample | show | explain | doctor | fetch | pull | push`. Thin: each command reads its options and calls one function.

Exit codes of `run`: 0 published; 3 published, but a source was refused; 1 not published, yesterday's stays; 2 wrong usage.
"""

import os
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dagster_project.fetch.command import app as fetch
from dagster_project.pull.commands import app as pull
from dagster_project.push.commands import app as push

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Fieldscope: whom to call and why, what the field does not see, what the quarter will bring.\n\n"
    "Start with [bold]fieldscope sample[/] and [bold]fieldscope run[/]; then [bold]fieldscope show targets[/].",
    rich_markup_mode="rich",
)
app.add_typer(fetch, name="fetch")
app.add_typer(pull, name="pull")
app.add_typer(push, name="push")
# A log file or a pipe has no width of its own: wide enough for a table.
WIDTH = None if sys.stdout.isatty() else 140
console = Console(width=WIDTH)
errors = Console(stderr=True, width=WIDTH)


class Subject(StrEnum):
    """What `show` can show."""

    providers = "providers"
    targets = "targets"
    blind_spots = "blind-spots"
    forecast = "forecast"


class Scale(StrEnum):
    """Sizes of the sample world."""

    small = "small"
    region = "region"
    nation = "nation"


Landing = Annotated[
    Path | None, typer.Option("--landing", metavar="DIR", help="Landing zone to read. [dim]Default: <home>/landing[/]")
]
HomeFolder = Annotated[
    Path | None, typer.Option("--home", metavar="DIR", help="Folder for everything written. [dim]Default: data/[/]")
]


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a day; write it as YYYY-MM-DD, for example 2026-06-30") from None


def _settings(landing: Path | None = None, home: Path | None = None):
    """One settings object for this process and for what it starts: options go into the environment."""
    from dagster_project.settings import Settings

    if landing is not None:
        os.environ["FIELDSCOPE_LANDING"] = str(landing.expanduser().resolve())
    if home is not None:
        os.environ["FIELDSCOPE_HOME"] = str(home.expanduser().resolve())
    return Settings()


@app.command()
def run(
    landing: Landing = None,
    home: HomeFolder = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day the refresh speaks of. [dim]Default: today[/]"),
    ] = None,
) -> None:
    """Refresh everything tonight's way: read the landing zone, build the marts, score, audit, publish.

    Ends with 0 when published, 3 when published although a source was refused, 1 when not published (yesterday's stays).
    """
    from dagster_project import summary
    from dagster_project.ingest.landing_zone import check_landing

    day = _day(as_of)
    settings = _settings(landing, home)
    missing = check_landing(settings.landing_zone)
    if missing:
        errors.print(f"[bold red]Nothing to refresh from[/] in {settings.landing_zone}:", highlight=False)
        for problem in missing:
            errors.print(f"- {problem}", markup=False, highlight=False)
        raise typer.Exit(1)
    console.print("Starting (a few seconds)", style="dim")
    from dagster_project.night import run_nightly

    outcome = run_nightly(settings.paths, day or settings.as_of, console)
    if not outcome.succeeded:
        summary.print_failure(errors, settings, outcome.failures)
        raise typer.Exit(1)
    refused = summary.print_summary(console, settings)
    raise typer.Exit(3 if refused else 0)


@app.command()
def sample(
    landing: Landing = None,
    scale: Annotated[
        Scale, typer.Option(help="How large a world: small runs in a minute; nation is for benchmarks.")
    ] = Scale.small,
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 7,
) -> None:
    """Write the built-in sample world, a hip-and-knee company in three states, as a landing zone."""
    import sample_world

    target = _settings(landing).landing_zone
    if target.exists() and any(target.iterdir()):
        raise typer.BadParameter(f"{target} is not empty; choose another --landing, or empty it first")
    report = sample_world.write(target, scale.value, seed)
    console.print(f"Sample world written to {report.landing}; it speaks of {report.as_of}.", highlight=False)
    console.print(f"Next: fieldscope run --as-of {report.as_of}", style="dim", highlight=False)


@app.command()
def show(
    subject: Annotated[Subject, typer.Argument(help="What to show.")],
    home: HomeFolder = None,
    territory: Annotated[str | None, typer.Option(help="Only this territory.")] = None,
    npi: Annotated[str | None, typer.Option(help="Only this provider.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 20,
) -> None:
    """Show the newest publication: providers, targets, blind-spots or forecast."""
    from dagster_project import summary

    settings = _settings(home=home)
    try:
        summary.print_subject(console, settings, subject.value, territory, npi, limit)
    except summary.NothingPublished as reason:
        errors.print(str(reason), markup=False, highlight=False)
        raise typer.Exit(1) from None


@app.command()
def explain(
    npi: Annotated[str, typer.Argument(metavar="NPI", help="The provider's ten digits.")],
    home: HomeFolder = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Only the list of this day. [dim]Default: all days[/]")
    ] = None,
) -> None:
    """Why is a provider on the list, or not? Who it is, tonight's ground, scores with reasons, gates, and the lists of past days."""
    from dagster_project import summary
    from dagster_project.explain import NoSuchProvider, print_provider

    day = _day(on)
    try:
        print_provider(console, _settings(home=home), npi.strip(), day)
    except (summary.NothingPublished, NoSuchProvider) as reason:
        errors.print(str(reason), markup=False, highlight=False)
        raise typer.Exit(1) from None


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def metrics(context: typer.Context) -> None:
    """Ask the newest publication for metrics: `query --metrics calls --group-by territory__region`, or `list metrics`.

    Arguments are those of MetricFlow's `mf query` and `mf list`; the home is that of `FIELDSCOPE_HOME`.
    """
    from dagster_project.metrics import NothingPublished, run_command

    try:
        run_command(context.args, _settings().paths.current)
    except NothingPublished as reason:
        errors.print(str(reason), markup=False, highlight=False)
        raise typer.Exit(1) from None


@app.command()
def prune(
    keep: Annotated[
        int, typer.Option("--keep", metavar="N", min=1, help="Versions of each file that stay, the one in use counted.")
    ],
    home: HomeFolder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, remove nothing.")] = False,
) -> None:
    """Remove old versions of delivered files from the lake; what is in use or in a kept release stays.

    Nights that used a removed version are afterwards given again from today's files.
    """
    from dagster_project.prune import prune_home, report
    from dagster_project.refresh import RefreshRunning

    try:
        report(console, prune_home(_settings(home=home), keep, dry_run), dry_run)
    except RefreshRunning as reason:
        errors.print(str(reason), markup=False, highlight=False)
        raise typer.Exit(1) from None


@app.command()
def doctor(
    landing: Landing = None,
    home: HomeFolder = None,
    deep: Annotated[bool, typer.Option("--deep", help="Read every file of the lake and compare its hash.")] = False,
) -> None:
    """Look at the installation, the landing zone and the last refresh, and say what is wrong and what to do."""
    from dagster_project.doctor import examine, examine_lake

    settings = _settings(landing, home)
    findings = examine(settings) + ([examine_lake(settings)] if deep else [])
    for finding in findings:
        mark, style = ("ok", "green") if finding.well else ("!!", "bold red")
        console.print(f"[{style}]{mark}[/] {finding.subject:<14}", end=" ")
        console.print(finding.message, markup=False, highlight=False)
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)
