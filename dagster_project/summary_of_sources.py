"""What a night read, what it could not, and what changed since the night before: the first lines of its summary.

Belongs here: sentences about files and rows. Not here: what came of them (`summary`), and any figure that is not in a mart or the manifest.
"""

import json
from collections.abc import Sequence

import duckdb
from rich.console import Console
from rich.text import Text

# One more, and the files of a source share a line.
MOST_LINES = 3
KINDS_OF_CHANGE = {
    "restated": "delivered again with other content",
    "late": "came late",
    "new": "are new",
    "gone": "no longer delivered",
}


def print_what_came_in(console: Console, connection: duckdb.DuckDBPyConnection, facts: dict) -> None:
    """Print how much there is, and name what was not delivered, not understood or refused."""
    providers, active, volume = connection.execute(
        "select count(*), count(*) filter (is_active), sum(annual_volume) from providers"
    ).fetchone()
    files, rows = connection.execute(
        "select count(*), sum(rows) from source_versions where accepted and source <> 'reference'"
    ).fetchone()
    quarantined = connection.execute("select coalesce(sum(rows), 0) from quarantined_rows").fetchone()[0]
    words = connection.execute("select distinct counted from provider_families where is_focus").fetchall()
    counted = "procedures and prescriptions" if len(words) > 1 else words[0][0] if words else "procedures"
    console.print(
        f"{providers:,} providers ({active:,} active), {volume or 0:,.0f} {counted} of your focus families in twelve months."
    )
    console.print(f"{files:,} files with {rows or 0:,.0f} rows came in; {quarantined:,.0f} rows went to quarantine.")
    _gates_not_understood(console, connection)
    if facts["missing_sources"]:
        console.print(f"Not delivered: {', '.join(facts['missing_sources'])}.", style="yellow", highlight=False)
    for message in facts["unrecognised"]:
        console.print(Text(f"Not recognised, left out: {message}", style="yellow"))
    for message in facts["refused"]:
        console.print(Text(f"Refused, the last good version stays: {message}", style="bold yellow"))
    odd = connection.execute(
        "select check_name, source, observed from data_quality where status = 'warn' and contains(check_name, '.') order by source, check_name"
    ).fetchall()
    for check, source, observed in odd[:5]:
        console.print(Text(f"Worth a look: {source}, {check}: {observed}", style="yellow"))
    if len(odd) > 5:
        console.print(f"{len(odd) - 5} more stand in data_quality and in the Data Docs.", style="yellow")
    for file in facts.get("waiting", []):
        console.print(Text(f"Left alone, still being written; the next refresh reads it: {file}", style="yellow"))
    for file in facts.get("damaged", []):
        console.print(Text(f"Damaged in the lake, read again from the landing zone: {file}", style="yellow"))
    if facts.get("replayed"):
        sources = ", ".join(facts["replayed"])
        console.print(f"A night of the past: {sources} as in use then, whatever was delivered since.", highlight=False)
    if facts.get("changes"):
        _what_changed(console, facts["changes"])


def _gates_not_understood(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    """A restriction that cannot be read keeps nobody off the list, so it is not left among the other quarantined rows."""
    unread = connection.execute("""
        select file, rows, sample from quarantined_rows where source = 'company' and contains(file, 'restrictions') order by file, rule
    """).fetchall()
    for file, rows, sample in unread:
        shown = "; ".join(f"line {row['line']}, {row['column']} {row['value']!r}" for row in json.loads(sample))
        console.print(
            Text(
                f"{rows} lines of {file} are not understood and keep nobody off the list, mend them: {shown}",
                "bold red",
            )
        )
    empty = connection.execute(
        "select observed from data_quality where check_name = 'restrictions_that_reach_nobody' and status <> 'pass'"
    ).fetchall()
    for (facilities,) in empty:
        told = f"Facilities of company/restrictions.csv where nobody is known to work, so that they keep nobody off the list: {facilities}"
        console.print(Text(told, "bold red"))


def _what_changed(console: Console, changes: Sequence[dict]) -> None:
    """A line a release or file; where many files of a source went the same way, one line for all."""
    console.print("Since the night before:", highlight=False)
    groups: dict[tuple[str, str], list[dict]] = {}
    for change in changes:
        groups.setdefault((change["source"], change["kind"]), []).append(change)
    for (source, kind), group in groups.items():
        lines = [change["text"] for change in group]
        if len(group) > MOST_LINES:
            rows = sum(change["rows"] for change in group)
            lines = [f"{source}: {len(group)} files {KINDS_OF_CHANGE[kind]}: {rows:+,} rows".replace("-", "−")]
        for line in lines:
            console.print(Text(f"- {line}", style="" if kind == "new" else "yellow"))
