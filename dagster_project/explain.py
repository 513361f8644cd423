"""One provider, from the publication: who it is, on tonight's list or kept off it, on what ground, and on which list on any past day.

Belongs here: the sentences of `fieldscope explain`. Not here: any figure or decision that is not in a mart, nor lists of many providers
(`summary`).
"""

import json
from datetime import date

import duckdb
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dagster_project.settings import Settings
from dagster_project.summary import opened

WHO = """
    select p.*, concat_ws(' ', p.first_name, p.last_name) as name, t.name as territory, r.name as rep, f.name as facility
    from providers as p
    left join territories as t on p.territory_id = t.territory_id
    left join reps as r on t.rep_id = r.rep_id
    left join facilities as f on p.primary_facility_id = f.facility_id
    where p.npi = $npi
"""
# A night of the past done again stands last in the log of its own release.
NIGHT = "select as_of, refresh_id, code_version from refresh_log order by started_at desc limit 1"
LISTED = "select * from target_list where npi = $npi order by territory_id"
WITHHELD = "select * from withheld_targets where npi = $npi order by rule, territory_id"
SCORES = "select * from target_scores where npi = $npi order by procedure_family, territory_id"
FLAGS = (
    "select kind, severity, why from blind_spots where subject_type = 'provider' and subject_id = $npi order by kind"
)
PAST = """
    select * from target_list_history
    where npi = $npi and ($day is null or (valid_from <= $day and coalesce(valid_to >= $day, true))) order by valid_from desc, territory_id
"""
FIRST_LIST = "select min(valid_from) as day from target_list_history"


class NoSuchProvider(Exception):
    """No mart of the publication knows the number."""


def print_provider(console: Console, settings: Settings, npi: str, day: date | None) -> None:
    """Print what the newest publication says of a provider; raises `NothingPublished` and `NoSuchProvider`."""
    with opened(settings) as connection:
        night, who = _rows(connection, NIGHT)[0], _rows(connection, WHO, npi=npi)
        if not who:
            raise NoSuchProvider(
                f"No provider {npi} in the publication as of {night['as_of']}. `fieldscope show providers` lists who is there;"
                " an NPI has ten digits."
            )
        withheld = _rows(connection, WITHHELD, npi=npi)
        _who(console, who[0], npi)
        _tonight(console, _rows(connection, LISTED, npi=npi), withheld, who[0], night["as_of"])
        _scores(console, _rows(connection, SCORES, npi=npi), withheld)
        for flag in _rows(connection, FLAGS, npi=npi):
            _say(console, f"Blind spot, {flag['severity']}: {flag['kind'].replace('_', ' ')}. {flag['why'] or ''}")
        _past(console, connection, npi, day, night["as_of"])
        console.print(
            f"\nRefresh {night['refresh_id']} as of {night['as_of']}, code {night['code_version']}; its files are in source_versions.",
            style="dim",
            highlight=False,
        )


def _who(console: Console, who: dict, npi: str) -> None:
    console.print(Text(npi, style="bold"))
    place = ", ".join(filter(None, (who["specialty"], who["city"], who["state"])))
    _say(
        console,
        f"{who['name'] or 'Name not known'}{', ' if place else ''}{place}{'' if who['is_active'] else ' (not active)'}",
    )
    if who["facility"]:
        _say(
            console,
            f"Works at {who['facility']} ({who['primary_facility_id']}) first of all, {who['facility_count']} in all",
        )
    seat = f"{who['territory_id']} {who['territory'] or ''}".strip() if who["territory_id"] else None
    _say(console, f"Territory {seat}, rep {who['rep'] or 'none'}" if seat else "In no territory")
    if who["contact_id"]:
        sure = "" if who["crm_link_probability"] is None else f", {100 * who['crm_link_probability']:.0f} % sure"
        _say(console, f"CRM contact {who['contact_id']}, linked by {who['crm_link_method']}{sure}")
    else:
        _say(console, "No CRM contact is linked")


def _tonight(console: Console, listed: list[dict], withheld: list[dict], who: dict, as_of: date) -> None:
    console.print(f"\n[bold]The list of {as_of}")
    for row in listed:
        told = f"Tier {row['tier']}, rank {row['rank']} in {row['territory_id']}, {row['calls_per_quarter']} calls a quarter"
        _say(console, told + (", drawn for the holdout: no calls" if row["assignment"] == "holdout" else ""))
        _say(console, f"{row['change']}: {row['change_reason']}" if row["change_reason"] else row["change"])
        _say(console, row["why"])
        if row["feedback"] not in (None, "none"):
            _say(console, f"The rep or manager answered: {row['feedback']}")
        if not row["is_compliant"]:
            _say(console, f"Not compliant by the audit of plans: {row['compliance_rule']}")
    for row in withheld:
        _say(console, f"Kept off by {row['rule']} since {row['since']} (for compliance only)")
    if not listed and not withheld:
        since = f" since {who['first_order_on']}" if who["first_order_on"] else ""
        _say(console, f"Not on it: a customer{since}" if who["is_customer"] else "Not on it, and no gate keeps it off")


def _scores(console: Console, scores: list[dict], withheld: list[dict]) -> None:
    console.print("\n[bold]Scores")
    if not scores:
        is_hidden = any(row["rule"] in ("PDRP", "STATE_OPT_OUT") for row in withheld)
        _say(
            console,
            "None are told of who opted out" if is_hidden else "None: not a candidate of any focus family",
        )
    for row in scores:
        rank = f", rank {row['rank_in_territory']} in {row['territory_id']}" if row["rank_in_territory"] else ""
        worth = (
            "" if row["expected_value_usd"] is None else f", worth {row['expected_value_usd']:,.0f} USD in expectation"
        )
        _say(
            console,
            f"{row['procedure_family']}: {100 * row['adoption_probability']:.1f} % chance of a first order{worth}{rank}; by {row['model_version']}",
        )
        for reason in json.loads(row["reasons"] or "[]"):
            _say(console, f"- {reason['text']}", indent=4)


def _past(console: Console, connection: duckdb.DuckDBPyConnection, npi: str, day: date | None, as_of: date) -> None:
    console.print(f"\n[bold]On the list {f'of {day}' if day else 'of past days'}")
    rows, first = _rows(connection, PAST, npi=npi, day=day), _rows(connection, FIRST_LIST)[0]["day"]
    if day and (first is None or not first <= day <= as_of):
        _say(
            console,
            f"No list of that day is published: {f'they reach from {first} to {as_of}' if first else 'there is none yet'}",
        )
    elif not rows:
        _say(console, "Not on it. Past days of who opted out stay in the lake, for compliance (docs/compliance.md)")
    for row in rows:
        days = f"{row['valid_from']} to {row['valid_to'] or 'now'}"
        _say(
            console,
            f"{days}: tier {row['tier']}, rank {row['rank']} in {row['territory_id']}; {row['reason_for_change']}",
        )


def _rows(connection: duckdb.DuckDBPyConnection, query: str, **values: object) -> list[dict]:
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _say(console: Console, text: str, indent: int = 2) -> None:
    """Names come from files: nothing in them is markup."""
    console.print(Padding.indent(Text(text), indent))
