"""What each mart shows of a physician who opted out (PDRP, a state's opt-out), whom each mart is for, and whether a release keeps to it.

Belongs here: the decision for every mart, which `docs/compliance.md` prints, and its check on the finished files. Not here: who opted
out (dbt, `int_providers_opted_out`), and the SQL that leaves rows and figures out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import duckdb

from dagster_project.parquet import named
from dagster_project.publish.export import Mart

RULES = ("PDRP", "STATE_OPT_OUT")
WAYS = {
    "absent": "no row",
    "emptied": "a row without the figures",
    "others": "sums of the others only",
    "untouched": "as everybody",
}
SUBJECT = "case when subject_type = 'provider' then subject_id end"


@dataclass(frozen=True)
class Shown:
    """The decision for one mart. `figures` hold these values for who opted out; `key` is the provider's NPI."""

    way: Literal["absent", "emptied", "others", "untouched"]
    because: str
    figures: Mapping[str, str | bool | None] = field(default_factory=dict)
    key: str = "npi"
    audience: Literal["field", "home office", "compliance"] = "field"


_OWN_WORK = "calls, deals and orders are the company's own work and sales, not prescriber data"
_FORECAST = "made of deals, orders and commits; no volume of a provider enters"
_PAID = "payments are published by CMS and are not prescriber data"
_PLACE = "where a provider works and is registered is no prescriber data"
_RECORDS = "samples of raw rows may hold a physician's volume"
_STATED = "names no provider"

MARTS: Mapping[str, Shown] = {
    "providers": Shown(
        "emptied",
        "name, place, payments, calls and orders stay; the primary facility is that of the longest stay, not of most claims",
        {
            "annual_volume": None,
            "prior_annual_volume": None,
            "volume_trend": None,
            "volume_direction": "unknown",
            "is_new_to_family": False,
        },
    ),
    "provider_procedures": Shown("absent", "each row is a volume"),
    "provider_diagnoses": Shown("absent", "each row is a count of the physician's patients"),
    "provider_families": Shown("absent", "a row says what is billed or prescribed; ranks and shares are among the others"),
    "provider_trajectories": Shown(
        "emptied",
        "payments and places by year stay; a year that only claims know has no row",
        {"focus_volume": None, "months_told": None, "families_billed": None},
    ),
    "provider_moves": Shown("emptied", "that somebody moved stays", {"annual_volume": None}),
    "provider_affiliations": Shown("untouched", f"{_PLACE}; primary is the longest stay, not where most claims happen"),
    "provider_territories": Shown("untouched", _PLACE),
    "provider_payments": Shown("untouched", _PAID),
    "provider_payment_relations": Shown("untouched", _PAID),
    "provider_influence": Shown("absent", "shared patients and their count come from claims"),
    "provider_segments": Shown(
        "emptied",
        "a segment groups by volume; thresholds are drawn among the others",
        {"segment": "Not profiled", "volume_band": None, "competitor_tie": None, "own_share": None},
    ),
    "cohort_trends": Shown("others", "a cohort less its shown members would be who opted out", key=""),
    "key_opinion_leaders": Shown(
        "emptied", "publications stay", {"volume_percentile": None, "kol_score": None}
    ),
    "facilities": Shown(
        "others",
        "where somebody works who opted out, the volume is the sum of the others whose primary facility it is",
        key="",
    ),
    "facility_committees": Shown("untouched", _OWN_WORK, key=""),
    "facility_contracts": Shown("untouched", _OWN_WORK, key=""),
    "competitor_sightings": Shown("untouched", _OWN_WORK),
    "territories": Shown("others", "volume, opportunity and index; the count of providers holds everybody", key=""),
    "territory_periods": Shown("others", "market, opportunity, own share and what the verdict expects", key=""),
    "territory_family_periods": Shown("others", "market and own share", key=""),
    "rep_periods": Shown("others", "market, opportunity and own share of the rep's territory", key=""),
    "manager_periods": Shown("others", "market, opportunity and own share of the team", key=""),
    "territory_alignment_proposals": Shown("others", "what a ZIP would bring is the sum of the others", key=""),
    "target_scores": Shown("absent", "chance, worth, score, rank and reasons; the others are ranked among themselves"),
    "provider_adoption": Shown("absent", "a row says that there is volume in a family, and how much"),
    "target_list": Shown("absent", "tier and rank; withheld like every gate"),
    "target_list_history": Shown("absent", "past tiers and ranks tell a past volume; the days stay in the lake for compliance"),
    "target_list_changes": Shown("absent", "what changed on the list tells tiers and calls of before"),
    "call_plans": Shown("absent", "made from the list"),
    "territory_plans": Shown("absent", "objectives follow opportunity", key=SUBJECT),
    "blind_spots": Shown("absent", "rising, overcalled, new, unreachable; money of other flags is that of the others", key=SUBJECT),
    "activity_response": Shown("untouched", _STATED, key=""),
    "rep_impact": Shown("untouched", _STATED, key=""),
    "reps": Shown("untouched", _OWN_WORK, key=""),
    "calls": Shown("untouched", _OWN_WORK),
    "orders": Shown("untouched", _OWN_WORK),
    "opportunities": Shown("untouched", _OWN_WORK),
    "opportunity_stages": Shown("untouched", _OWN_WORK, key=""),
    "marketing_touches": Shown("untouched", _OWN_WORK),
    "stakeholders": Shown("untouched", _OWN_WORK),
    "partner_periods": Shown("others", "volume covered is that of the others", key=""),
    "coaching_scorecards": Shown("untouched", _OWN_WORK, key=""),
    "opportunity_forecasts": Shown("untouched", _FORECAST, key=""),
    "forecasts": Shown("untouched", _FORECAST, key=""),
    "forecast_accuracy": Shown("untouched", _FORECAST, key=""),
    "forecast_calibration": Shown("untouched", _FORECAST, key=""),
    "forecast_model_report": Shown("untouched", _FORECAST, key="", audience="home office"),
    "target_model_report": Shown("untouched", _STATED, key="", audience="home office"),
    "data_quality": Shown("untouched", _STATED, key="", audience="home office"),
    "quarantined_rows": Shown("untouched", _RECORDS, key="", audience="home office"),
    "source_versions": Shown("untouched", _STATED, key="", audience="home office"),
    "refresh_log": Shown("untouched", _STATED, key="", audience="home office"),
    "withheld_targets": Shown("untouched", "says who opted out, of no volume", audience="compliance"),
    "call_plan_audit": Shown(
        "untouched", "findings about plans, payments and calls", key=SUBJECT, audience="compliance"
    ),
}  # fmt: skip


def audiences(marts: Sequence[Mart]) -> dict[str, str]:
    """Whom each mart is for: whoever loads marts for the field leaves out what is for the home office and for compliance."""
    return {mart.name: MARTS[mart.name].audience for mart in marts}


def shown_figures(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart]) -> list[str]:
    """What a release shows of who opted out against the decisions above, one message a mart or column."""
    found = []
    for mart in marts:
        shown = MARTS.get(mart.name)
        if shown is None:
            found.append(f"{mart.name} has no decision; add it to publish/opted_out.py")
            continue
        if shown.way == "absent":
            rows = _rows(connection, mart.name, shown.key, "true")
            if rows:
                found.append(f"{mart.name} has {rows} rows of physicians who opted out")
        for column, value in shown.figures.items():
            rows = _rows(connection, mart.name, shown.key, f"{named(column)} is distinct from ?", value)
            if rows:
                found.append(f"{mart.name}.{column} shows {rows} physicians who opted out")
    return found


def _rows(connection: duckdb.DuckDBPyConnection, mart: str, key: str, condition: str, *values: object) -> int:
    query = f"""
        select count(*) from {named(mart)} where {condition}
            and {key} in (select npi from withheld_targets where rule in {RULES})
    """
    return connection.execute(query, list(values)).fetchone()[0]
