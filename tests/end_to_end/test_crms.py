"""Whichever CRM a company keeps, and in however many: the marts say the same of the same facts."""

import csv
import json

import pytest

from tests.end_to_end import crm_conversions
from tests.end_to_end.conftest import differing_marts

# What is told of deals over time: HubSpot keeps no history of amounts, close dates and probabilities.
OF_DEALS = {"forecasts", "forecast_accuracy", "forecast_calibration", "forecast_model_report", "opportunity_forecasts"}

# OCE tells no end of a call, so nothing of its length, of the hours that visits take, and of who should give some of them away.
PERIODS = ("territory_periods", "rep_periods", "manager_periods")
OF_LENGTHS = {"calls", "territories", "territory_alignment_proposals", *PERIODS}

# The rep's own list is a field of Salesforce's contacts: a person whom another CRM keeps may fall into the holdout. Veeva alone has dated plans.
OF_LISTS = {"target_list", "target_list_changes", "target_list_history", "withheld_targets", "target_model_report"}


@pytest.fixture(scope="module")
def several(world, fieldscope, tmp_path_factory):
    folder = tmp_path_factory.mktemp("several")
    crm_conversions.as_several_crms(world.landing, folder / "landing")
    return fieldscope(folder / "landing", folder / "home", world.as_of)


@pytest.fixture(scope="module")
def hubspot(world, fieldscope, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hubspot")
    crm_conversions.as_hubspot_alone(world.landing, folder / "landing")
    return fieldscope(folder / "landing", folder / "home", world.as_of)


def missing_sources(night) -> list[str]:
    return json.loads((night.home / "published" / "current" / "manifest.json").read_text())["missing_sources"]


def test_a_night_of_four_crms(several):
    assert several.code == 0, several.text
    assert missing_sources(several) == []


def test_a_night_of_hubspot_alone(hubspot):
    assert hubspot.code == 0, hubspot.text
    assert missing_sources(hubspot) == []
    assert hubspot.query("select count(*) from orders") == [(0,)]


def test_four_crms_are_one_to_the_marts(first_night, several):
    current = "published/current"
    differing = differing_marts((first_night.home / current).resolve(), (several.home / current).resolve())
    assert set(differing) <= OF_DEALS | OF_LENGTHS | OF_LISTS, differing
    for query in (
        "select * exclude (duration_minutes) from calls order by all",
        *(f"select * exclude (call_minutes, minutes_known_share) from {mart} order by all" for mart in PERIODS),
        "select territory_id, region, rep_id, providers, annual_volume, opportunity_usd from territories order by all",
        "select level, subject_id, quarter_start, closed_usd, commit_usd, quota_usd from forecasts order by all",
        "select * from withheld_targets where rule <> 'holdout' order by all",
        "select * from target_model_report where split not like 'todays_list%' order by all",
    ):
        assert several.query(query) == first_night.query(query)


def test_a_cycle_plan_of_the_past_is_the_list_of_its_days(first_night, several):
    basis = "select metric, value from target_model_report where metric like 'days_by_%' order by metric"
    told, of_calls = dict(several.query(basis)), dict(first_night.query(basis))
    assert of_calls == {"days_by_list": 0, "days_by_cycle_plan": 0, "days_by_calls": of_calls["days_by_calls"]}
    assert told["days_by_cycle_plan"] == 2
    assert told["days_by_calls"] == of_calls["days_by_calls"] - 2


def test_hubspot_alone_gives_the_same_calls_deals_and_reps(world, first_night, hubspot):
    calls = "select npi, called_at::date, kind, is_planned, is_kept, duration_minutes from calls order by all"
    assert hubspot.query(calls) == first_night.query(calls)
    deals = "select npi, stage, amount_usd, stated_probability, created_on, close_on, is_won, skipped_stages from opportunities order by all"
    assert hubspot.query(deals) == first_night.query(deals)
    stages = "select stage, entered_at, days_in_stage, moved_back from opportunity_stages order by all"
    assert hubspot.query(stages) == first_night.query(stages)
    users = crm_conversions.Export(world.landing).read("User").set_index("Id").Email
    calls_of = dict(first_night.query("select rep_id, calls_12m from reps where calls_12m > 0"))
    found = dict(hubspot.query("select rep_id, calls_12m from reps where calls_12m > 0"))
    assert found == {users[rep]: count for rep, count in calls_of.items()}


def test_hubspot_alone_says_whom_to_call_and_leaves_alone_who_asked_for_it(first_night, hubspot):
    # An overlay is served by whom the CRM says so, and HubSpot says nothing.
    served = "select territory_id from territories where rep_id is not null and territory_id in (select territory_id from providers)"
    served += " order by all"
    assert hubspot.query(served) == first_night.query(served)
    assert hubspot.query("select count(*) from target_list where rep_id is null") == [(0,)]
    assert hubspot.query("select count(*) > 0 from target_list") == [(True,)]
    withheld = "select npi, rule from withheld_targets where rule <> 'holdout' order by all"
    assert hubspot.query(withheld) == first_night.query(withheld)


def given(night, name: str) -> list[dict[str, str]]:
    with (night.home / "published" / "current" / "crm_writeback" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("kept_in", "name", "calls"),
    [
        ("first_night", "salesforce/Fieldscope_Target__c.csv", "Calls_per_Quarter__c"),
        ("several", "veeva/MC_Cycle_Plan_Target_vod__c.csv", "Planned_Interactions_vod__c"),
        ("hubspot", "hubspot/contacts.csv", "fieldscope_calls_per_quarter"),
    ],
)
def test_the_list_goes_back_to_the_crm_that_holds_the_contacts_and_to_no_other(request, kept_in, name, calls):
    night = request.getfixturevalue(kept_in)
    folder = night.home / "published" / "current" / "crm_writeback"
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.csv") if path.parent != folder] == [name]
    linked = "select l.calls_per_quarter from target_list as l inner join providers as p on l.npi = p.npi"
    linked += " where l.assignment = 'treat' and l.is_compliant and p.contact_id is {} null order by all"
    assert sorted(int(row[calls]) for row in given(night, name)) == [n for (n,) in night.query(linked.format("not"))]
    assert len(given(night, "without_contact.csv")) == len(night.query(linked.format("")))
    assert len(given(night, name)) > 10
