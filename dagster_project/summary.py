"""What a person sees at the end of a night, and by `fieldscope show`: read from the published marts, in a manager's words.

Belongs here: sentences and tables of the terminal. Not here: any figure that is not in a mart or the manifest.
"""

import json
from collections.abc import Sequence

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dagster_project.company import company_of
from dagster_project.settings import Settings
from dagster_project.summary_of_sources import print_what_came_in


class NothingPublished(Exception):
    """There is no publication in this home yet."""


def print_summary(console: Console, settings: Settings) -> list[str]:
    """Print the night's summary; returns the messages of refused files."""
    release = settings.paths.current.resolve()
    facts = json.loads((release / "manifest.json").read_text())
    with opened(settings) as connection:
        console.rule(f"[bold]{_company(settings)}, as of {facts['as_of']}")
        print_what_came_in(console, connection, facts)
        _best_territory(console, connection)
        _flags(console, connection)
        _quarter(console, connection)
    if facts.get("crm_writeback"):
        _for_the_crm(console, facts["crm_writeback"])
    console.print(
        f"\nResults: {settings.paths.current}/fieldscope.duckdb (and parquet/), refresh {facts['refresh_id']}",
        highlight=False,
    )
    console.print(
        "Look closer: fieldscope show targets --territory …, show blind-spots, show forecast, show providers",
        style="dim",
    )
    return facts["refused"]


def print_failure(console: Console, settings: Settings, failures: Sequence[tuple[str, str]]) -> None:
    """Say that nothing was published, why, and what stays."""
    step, reason = failures[0]
    console.print("[bold red]Not published.[/]", end=" ")
    console.print(f"It stopped at {step}:", highlight=False)
    console.print(reason, markup=False, highlight=False)
    if settings.paths.current.exists():
        facts = json.loads((settings.paths.current / "manifest.json").read_text())
        console.print(f"The last publication stays, as of {facts['as_of']}: {settings.paths.current}", highlight=False)
    console.print("`fieldscope doctor` looks further.", style="dim")


def print_subject(
    console: Console, settings: Settings, subject: str, territory: str | None, npi: str | None, limit: int
) -> None:
    """Print one of the published lists; raises `NothingPublished`."""
    title, query, filters = SUBJECTS[subject]
    wanted = {"territory": territory, "npi": npi}
    conditions = " and ".join(
        f"({filters[name]} = ${name})" for name, value in wanted.items() if value is not None and name in filters
    )
    parameters = {name: value for name, value in wanted.items() if value is not None and name in filters}
    with opened(settings) as connection:
        cursor = connection.execute(
            query.format(where=f"where {conditions}" if conditions else "", limit=int(limit)), parameters
        )
        names = [column[0] for column in cursor.description]
        _table(console, title, names, cursor.fetchall())


# title, query, the column that each filter applies to
SUBJECTS = {
    "providers": (
        "Providers by volume",
        """select npi, concat_ws(' ', first_name, last_name) as provider, specialty, territory_id as territory, annual_volume as "12 months",
                  volume_direction as direction, calls_12m as calls, is_customer as customer
           from providers {where} order by annual_volume desc nulls last, npi limit {limit}""",
        {"territory": "territory_id", "npi": "npi"},
    ),
    "targets": (
        "Tonight's target list",
        """select l.territory_id as territory, l.rank, l.tier, concat_ws(' ', p.first_name, p.last_name) as provider, l.npi,
                  case l.assignment when 'holdout' then 'none, holdout' else cast(l.calls_per_quarter as varchar) end as "calls a quarter",
                  concat_ws(': ', l.change, l.change_reason) as change, nullif(l.feedback, 'none') as answer, l.why
           from target_list as l inner join providers as p on l.npi = p.npi {where} order by l.territory_id, l.rank, l.npi limit {limit}""",
        {"territory": "l.territory_id", "npi": "l.npi"},
    ),
    "blind-spots": (
        "What the field does not see",
        """select kind, subject_id as subject, territory_id as territory, severity, opportunity_usd as "a year", q_value as q, why
           from blind_spots {where} order by opportunity_usd desc nulls last, kind, subject_id limit {limit}""",
        {"territory": "territory_id", "npi": "subject_id"},
    ),
    "forecast": (
        "The quarters",
        """select level, subject_id as "of", quarter_start as quarter, closed_usd as closed, p10, p50, p90, commit_usd as commit, quota_usd as quota,
                  quota_probability as "chance of quota"
           from forecasts {where} order by case level when 'company' then 0 when 'region' then 1 when 'territory' then 2 else 3 end,
                  subject_id, quarter_start limit {limit}""",
        {"territory": "subject_id"},
    ),
}


def opened(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The newest publication, to read; raises `NothingPublished`."""
    database = settings.paths.current / "fieldscope.duckdb"
    if not database.exists():
        raise NothingPublished(f"Nothing is published in {settings.paths.root} yet. Run `fieldscope run` first.")
    return duckdb.connect(str(database.resolve()), read_only=True)


def _company(settings: Settings) -> str:
    return company_of(settings.landing_zone)["name"]


def _best_territory(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    row = connection.execute("""
        select l.territory_id, any_value(t.name), any_value(r.name)
        from target_list as l
        left join territories as t on l.territory_id = t.territory_id
        left join reps as r on l.rep_id = r.rep_id
        group by l.territory_id order by max(t.opportunity_usd) desc nulls last, l.territory_id limit 1
    """).fetchone()
    if row is None:
        console.print(f"\nNo target list: {_why_no_list(connection)}.", style="yellow")
        return
    territory, name, rep = row
    targets = connection.execute(
        """select l.rank, l.tier, concat_ws(' ', p.first_name, p.last_name), p.city, l.calls_per_quarter, l.change, l.change_reason, l.why
           from target_list as l inner join providers as p on l.npi = p.npi where l.territory_id = ? order by l.rank, l.npi limit 5""",
        [territory],
    ).fetchall()
    console.print(
        f"\n[bold]Call first in {escape(name or territory)}[/]" + (f" ({escape(rep)})" if rep else ""), highlight=False
    )
    _list_changes(console, connection)
    for rank, tier, provider, city, calls, change, reason, why in targets:
        visits = "one call" if calls == 1 else f"{calls or 'no'} calls"
        news = f" ({change}{': ' + reason if reason else ''})" if change != "kept" or reason else ""
        console.print(Text(f"{rank:>3}. {provider}, {city or 'place unknown'}: tier {tier}, {visits} a quarter{news}"))
        console.print(Padding(Text(why, style="dim"), (0, 0, 0, 5)))


def _why_no_list(connection: duckdb.DuckDBPyConnection) -> str:
    scored, placed = connection.execute("select count(*), count(territory_id) from target_scores").fetchone()
    if not scored:
        return "no provider could be scored"
    if not placed:
        return "of no scored provider is a ZIP known that company/territory_alignment.csv gives to a territory"
    if not connection.execute("select count(rep_id) from territories").fetchone()[0]:
        return "no territory has a rep in seat"
    return "whoever is scored is withheld, or no call there is worth what it costs"


def _list_changes(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    """One sentence on the whole list against last night's; who left and why stands in `target_list_changes`."""
    listed, held = connection.execute(
        "select count(*), count(*) filter (assignment = 'holdout') from target_list"
    ).fetchone()
    moved = connection.execute(
        "select change, count(*) from target_list_changes group by change order by change"
    ).fetchall()
    told = ", ".join(f"{count:,} {change}" for change, count in moved) or "nothing changed"
    holdout = f", {held:,} of them the holdout that nobody calls" if held else ""
    console.print(
        f"The whole list holds {listed:,} providers{holdout}; against the list before: {told}.", highlight=False
    )


def _flags(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    flags = connection.execute("""
        select replace(kind, '_', ' '), count(*), count(*) filter (severity = 'high'), sum(opportunity_usd)
        from blind_spots group by kind order by sum(opportunity_usd) desc nulls last, kind
    """).fetchall()
    if flags:
        _table(console, "What the field does not see", ["flag", "how many", "high", "a year"], flags)
    else:
        console.print("\nNo flag tonight: nothing stands out of chance.")


def _quarter(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute("""
        select quarter_start, closed_usd, p10, p50, p90, commit_usd, quota_usd, quota_probability
        from forecasts where level = 'company' order by quarter_start
    """).fetchall()
    if not rows:
        console.print("\nNo forecast: the CRM holds no opportunities.", style="yellow")
        return
    names = ["quarter from", "won so far", "P10", "P50", "P90", "commit", "quota", "chance of quota"]
    _table(console, "The quarters, company", names, rows)


def _for_the_crm(console: Console, rows: dict[str, int]) -> None:
    """What there is to load; `without_contact.csv` stands apart, it is for people."""
    without = rows["without_contact.csv"]
    files = [f"{count:,} rows in {name}" for name, count in rows.items() if name != "without_contact.csv"]
    apart = f" {without:,} targets have no place in a CRM; without_contact.csv says why." if without else ""
    console.print(Text(f"\nFor the CRM: {', '.join(files) or 'no CRM holds people'}.{apart}"))


def _table(console: Console, title: str, names: Sequence[str], rows: Sequence[Sequence]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for index, name in enumerate(names):
        numbers = any(isinstance(row[index], int | float) and not isinstance(row[index], bool) for row in rows)
        table.add_column(name, justify="right" if numbers else "left", style="dim" if name in {"npi", "q"} else None)
    for row in rows:
        table.add_row(*(Text(_words(name, value)) for name, value in zip(names, row, strict=True)))
    console.print()
    console.print(table)


MONEY = {"a year", "closed", "won so far", "p10", "p50", "p90", "P10", "P50", "P90", "commit", "quota"}


def _words(name: str, value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if name in MONEY:
            return f"${value:,.0f}"
        return f"{value:.0%}" if name == "chance of quota" else f"{value:.3f}" if name == "q" else f"{value:,.0f}"
    return str(value)
