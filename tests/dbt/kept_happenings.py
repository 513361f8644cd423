"""What may happen between two nights of `kept_land`, in the order in which it happens in one home; each tells the day of the next night.

Not here: what a night must hold then, which `test_kept` asks.
"""

from datetime import date, timedelta

import duckdb

from tests.dbt.kept_land import CALLS, CONTACTS, DAY, KNEE, LINES, MAKERS, NPPES, SETTINGS, Land, lines_of_another


def restate_and_rename(land: Land) -> date:
    """One of the restated lines is another provider's now, whom nothing else knows."""
    lines = LINES.format(quantity=5, filed="2026-06-01", lines=4)
    strange = lines.replace("'1234567893'", "case when i = 3 then '1992999825' else '1234567893' end")
    land.write("claims/medical_claim", "june", strange)
    land.withdraw("company/manufacturers", "makers")
    land.write("company/manufacturers", "others", MAKERS.format(relation="other"))
    land.withdraw("company/procedure_families", "families")
    land.write("company/procedure_families", "more", KNEE + " union all select 'hip', 'HCPCS', '27130', true, 3")
    return DAY


def withdraw_and_go_back(land: Land) -> date:
    land.withdraw("claims/medical_claim", "june")
    return date(2026, 5, 15)


def die_half_way(land: Land) -> date:
    """A table is there and half of it is missing; the night that wrote it did not get as far as to say what it holds."""
    with duckdb.connect(str(land.home.paths.warehouse)) as con:
        con.execute(
            "create or replace table intermediate.int_general_payments as from intermediate.int_general_payments limit 1"
        )
        con.execute("comment on table features.features_provider_months is null")
        con.execute("delete from features.features_provider_months where snapshot_on > date '2026-04-30'")
    return DAY + timedelta(days=1)


def deliver_for_later_and_call(land: Land) -> date:
    """A delivery of next week, a call of last week that the CRM tells now, a dated copy of the register beside the undated one."""
    land.write("registry/nppes", "dated", NPPES.format(name="ROWE", released="date '2026-06-01'"))
    land.write("claims/medical_claim", "july", LINES.format(quantity=3, filed="2026-07-10", lines=6))
    land.write("salesforce/event", "all", CALLS.format(calls=9))
    return DAY + timedelta(days=2)


def deliver_too_late_and_decide(land: Land) -> date:
    """Lines of March arrive with the day on which they should have come; a steward says who somebody is, who refuses calls now."""
    land.write(
        "claims/medical_claim", "late", LINES.format(quantity=7, filed="2026-03-15", lines=9).replace("'c'", "'late'")
    )
    decision = "select 'unknown' as contact_id, '1234567893' as npi, 'link' as decision, 1 as _row"
    land.write("company/link_decisions", "steward", decision)
    land.write("salesforce/contact", "all", CONTACTS.format(refuses=True))
    return DAY + timedelta(days=3)


def wait_longer_for_lines(land: Land) -> date:
    """Another lag of lines without a day of their own, and the day on which those of July become known; no opt-out any more."""
    land.withdraw("registry/nppes", "dated")
    land.write("company/settings", "company", SETTINGS.format(lag=60))
    return DAY + timedelta(days=10)


def deliver_once_more(land: Land) -> date:
    """Other claims of a month that is long past, and nothing else: the season is that of the years before."""
    more = (
        LINES.format(quantity=4, filed="2026-07-01", lines=2)
        .replace("'c'", "'more'")
        .replace("2025-01-10", "2026-01-02")
    )
    land.write("claims/medical_claim", "more", more)
    return DAY + timedelta(days=10)


def restate_one_of_several(land: Land) -> date:
    """One of two lines of a month says another quantity since two days ago, and nothing of what was known before it."""
    restated = LINES.format(quantity=9, filed="2026-07-08", lines=20)
    land.write("claims/medical_claim", "again", f"select * from ({restated}) where claim_id = 'c18'")
    return DAY + timedelta(days=10)


def begin_earlier(land: Land) -> date:
    """Lines of a year that was published come late: its months are estimated from the publication up to another month now."""
    land.write("claims/medical_claim", "earlier", lines_of_another("z", "2022-02-03", "2026-07-09", lines=1))
    return DAY + timedelta(days=10)


def only_a_day_passes(land: Land) -> date:
    return DAY + timedelta(days=11)


# One after the other, in one home.
HAPPENED = (
    restate_and_rename,
    withdraw_and_go_back,
    die_half_way,
    deliver_for_later_and_call,
    deliver_too_late_and_decide,
    wait_longer_for_lines,
    deliver_once_more,
    restate_one_of_several,
    begin_earlier,
    only_a_day_passes,
)
