"""A HubSpot account into the landing zone: under the labels of its exports, beyond its ceilings, what changed alone."""

import csv
import os

import pytest
from typer.testing import CliRunner
from werkzeug import Response

from dagster_project.cli import app
from dagster_project.pull.faults import AccessError
from dagster_project.pull.hubspot import HubspotAccount
from dagster_project.pull.marks import Marks
from tests.ingest.conftest import LONG_AGO
from tests.pull.conftest import TOKEN
from tests.pull.hubspot_server import refusal


def fill(account) -> None:
    for number in range(1, 251):
        account.put(
            "deals",
            number,
            f"2026-11-24T09:{number % 60:02d}:00",
            dealname=f"Deal {number}",
            dealstage="101",
            pipeline="default",
            hs_deal_stage_probability="0.2",
            amount="1000",
            closedate="2026-12-31T00:00:00Z",
            hubspot_owner_id="9",
        )
        account.history[str(number)] = [("101", "2026-11-01T09:00:00")]
    account.links["deals", "1", "companies"] = [(90, None), (12, None), (700, "Primary")]
    account.links["deals", "1", "contacts"] = [(5, None)]


def change(account) -> None:
    account.put("deals", 3, "2026-11-25T08:00:00", dealname='A "new"\nname', dealstage="102", hubspot_owner_id="8")
    account.history["3"] = [("102", "2026-11-25T08:00:00"), ("101", "2026-11-01T09:00:00")]
    account.archive("deals", 4, "2026-11-25T08:01:00")
    account.put("deals", 999, "2026-11-25T08:02:00", dealname="Another", dealstage="101", hubspot_owner_id="4711")


def rows(pulled, name: str) -> dict[str, dict[str, str]]:
    with (pulled.landing / "crm" / "hubspot" / name).open(newline="", encoding="utf-8") as file:
        return {row["Record ID"]: row for row in csv.DictReader(file)}


def searches(account) -> list[dict]:
    return [body for line, body in account.asked if "/search" in line and body["limit"] > 1]


def test_deals_are_an_export_with_words_for_codes_and_every_association(account, pulled):
    fill(account)
    account.associations_page = 2
    outcome = pulled(HubspotAccount, "deals")["deals"]
    assert (outcome.rows, outcome.is_failure) == (250, False), outcome.problem
    assert outcome.left_out == ("Procedure Family",)
    deal = rows(pulled, "deals.csv")["1"]
    assert list(deal) == [
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Pipeline",
        "Deal Probability",
        "Amount",
        "Create Date",
        "Close Date",
        "Deal owner",
        "Associated Company IDs",
        "Associated Contact IDs",
        "Last Modified Date",
    ]
    assert (deal["Deal Stage"], deal["Pipeline"], deal["Deal owner"]) == (
        "Qualified",
        "Sales Pipeline",
        "rep@acme.example",
    )
    assert deal["Associated Company IDs"] == "700;12;90", "the primary company first"
    assert deal["Associated Contact IDs"] == "5"
    assert rows(pulled, "deal_stage_history.csv")["1"]["Entered Date"] == "2026-11-01T09:00:00.000Z"
    assert not searches(account), "a first pull lists, it does not search"


def test_pull_change_pull_again_gives_the_files_of_a_full_pull(account, pulled):
    fill(account)
    pulled(HubspotAccount, "deals")
    change(account)
    before = len(account.asked)
    outcome = pulled(HubspotAccount, "deals")["deals"]
    assert outcome.since == "2026-11-24T09:59:00.000Z"
    assert outcome.rows == 250
    listed = [line for line, _ in account.asked[before:] if line.startswith("GET /crm/v3/objects/deals")]
    assert listed
    assert all("archived=True" in line for line in listed), "what did not change is not asked for"
    merged = {name: pulled.text(f"hubspot/{name}") for name in ("deals.csv", "deal_stage_history.csv")}
    deals = rows(pulled, "deals.csv")
    assert "4" not in deals
    assert (deals["3"]["Deal Name"], deals["3"]["Deal owner"]) == ('A "new"\nname', "left@acme.example")
    assert deals["999"]["Deal owner"] == "4711", "an owner that HubSpot does not name stays a number"
    assert merged["deal_stage_history.csv"].count('"3",') == 2
    pulled(HubspotAccount, "deals", full=True)
    assert {name: pulled.text(f"hubspot/{name}") for name in merged} == merged


def test_more_changes_than_a_search_gives_are_still_all_pulled(account, pulled):
    account.put("companies", 1, "2026-11-24T09:00:00", name="First")
    pulled(HubspotAccount, "companies")
    account.ceiling = 300
    for number in range(2, 702):
        account.put("companies", number, "2026-11-25T09:00:00", name=f"Company {number}")
    assert pulled(HubspotAccount, "companies")["companies"].rows == 701
    assert all("after" not in request for request in searches(account))


def test_killed_between_rename_and_mark_the_next_pull_repeats_without_harm(account, pulled, monkeypatch):
    fill(account)
    pulled(HubspotAccount, "deals")
    change(account)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Marks, "set", killed)
        with pytest.raises(KeyboardInterrupt):
            pulled(HubspotAccount, "deals")
    merged = pulled.text("hubspot/deals.csv")
    pulled(HubspotAccount, "deals")
    assert pulled.text("hubspot/deals.csv") == merged


def test_a_record_that_comes_back_from_the_archive_is_there_again(account, pulled):
    fill(account)
    pulled(HubspotAccount, "deals")
    account.archive("deals", 4, "2026-11-25T08:00:00")
    assert pulled(HubspotAccount, "deals")["deals"].rows == 249
    account.put("deals", 4, "2026-11-25T09:00:00", dealname="Back", dealstage="101")
    assert pulled(HubspotAccount, "deals")["deals"].rows == 250


def test_choices_are_written_as_the_words_that_a_person_chose(account, pulled):
    account.put("calls", 1, "2026-11-24T09:00:00", hs_call_disposition="f240bbac", hs_timestamp="2026-11-24T08:00:00Z")
    account.put(
        "meetings", 2, "2026-11-24T09:00:00", hs_meeting_outcome="NO_SHOW", hs_meeting_start_time="2026-11-24T08:00:00Z"
    )
    account.links["calls", "1", "contacts"] = [(77, None)]
    pulled(HubspotAccount, "calls", "meetings")
    call = rows(pulled, "calls.csv")["1"]
    assert (call["Call Outcome"], call["Associated Contact IDs"]) == ("Connected", "77")
    assert rows(pulled, "meetings.csv")["2"]["Meeting Outcome"] == "No show"


def test_the_accounts_own_labels_find_their_properties(account, pulled):
    (pulled.landing / "company").mkdir(parents=True)
    (pulled.landing / "company" / "crm_fields.yml").write_text("contacts:\n  NPI: Physician Number\n")
    account.properties["contacts"]["x_physician_no"] = "Physician Number"
    account.put("contacts", 1, "2026-11-24T09:00:00", lastname="Doe", npi="wrong", x_physician_no="1003000126")
    pulled(HubspotAccount, "contacts")
    assert rows(pulled, "contacts.csv")["1"]["physician number"] == "1003000126"


def test_a_property_without_which_the_file_says_nothing_fails_and_says_what_to_do(account, pulled):
    del account.properties["deals"]["dealstage"]
    outcome = pulled(HubspotAccount, "deals")["deals"]
    assert outcome.is_failure
    assert "no property for Deal Stage" in outcome.problem


def test_busy_and_broken_answers_are_asked_for_again(account, pulled, naps):
    fill(account)
    account.trouble("GET /crm/v3/objects/deals", refusal(429, "TEN_SECONDLY_ROLLING", "limit", Retry_After="9"))
    account.trouble("POST /crm/v4/associations", refusal(429, "SECONDLY", "limit"), Response("oops", 502))
    account.trouble(
        "GET /crm/v3/objects/deals", Response('{"results": [{"id": "1", "prop', 200, content_type="application/json")
    )
    account.trouble("POST /crm/v3/objects/deals/batch", Response("{", 200, headers={"Content-Length": "500"}))
    assert pulled(HubspotAccount, "deals")["deals"].rows == 250
    assert 9 in naps


def test_searches_keep_their_pace(account, pulled, naps):
    account.put("companies", 1, "2026-11-24T09:00:00", name="First")
    pulled(HubspotAccount, "companies")
    for number in range(2, 1_002):
        account.put("companies", number, "2026-11-25T09:00:00", name=f"Company {number}")
    naps.clear()
    pulled(HubspotAccount, "companies")
    made = len(searches(account))
    assert made >= 11
    assert sum(naps) > 1, "three a second, of which the requests themselves took some"


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (refusal(401, "INVALID", f"Bearer {TOKEN}"), "copy the private app's token again"),
        (refusal(429, "DAILY", f"Bearer {TOKEN}"), "after midnight"),
    ],
)
def test_an_account_that_lets_nobody_in_ends_the_pull(account, pulled, trouble, says):
    account.trouble("/properties/", *[trouble] * 20)
    with pytest.raises(AccessError, match=says) as failure:
        pulled(HubspotAccount, "deals", "calls")
    assert TOKEN not in str(failure.value)
    assert failure.value.__context__ is None


def test_one_object_without_its_scope_fails_alone_and_shows_no_token(account, tmp_path, caplog):
    caplog.set_level("INFO")
    account.put("companies", 1, "2026-11-24T09:00:00", name="First")
    account.trouble("/properties/calls", refusal(403, "MISSING_SCOPES", f"the token {TOKEN} lacks a scope"))
    result = CliRunner().invoke(app, ["pull", "hubspot", "--objects", "calls,companies", "--landing", str(tmp_path)])
    assert result.exit_code == 1
    assert "scopes" in result.output + result.stderr
    assert (tmp_path / "crm/hubspot/companies.csv").exists()
    files = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert TOKEN not in result.output + result.stderr + caplog.text + files


def test_half_an_answer_again_and_again_leaves_the_file_as_it_was(account, pulled):
    account.put("companies", 1, "2026-11-24T09:00:00", name="First")
    pulled(HubspotAccount, "companies")
    before = pulled.text("hubspot/companies.csv")
    account.put("companies", 2, "2026-11-25T09:00:00", name="Second")
    account.trouble("archived=True", *[Response("{", 200, content_type="application/json")] * 20)
    outcome = pulled(HubspotAccount, "companies")["companies"]
    assert outcome.is_failure
    assert "again later" in outcome.problem
    assert pulled.text("hubspot/companies.csv") == before


def test_a_dry_run_counts_what_changed(account, pulled, tmp_path):
    fill(account)
    pulled(HubspotAccount, "deals")
    change(account)
    arguments = ["pull", "hubspot", "--dry-run", "--objects", "deals", "--landing", str(pulled.landing)]
    result = CliRunner().invoke(app, arguments)
    line = next(line for line in result.output.splitlines() if "deals" in line)
    changed = sum(1 for row in account.records["deals"].values() if row["hs_lastmodifieddate"] >= "2026-11-24T09:49:00")
    assert line.split()[3:6:2] == ["2026-11-24T09:59:00.000Z", str(changed)]


def test_the_border_reads_every_file_that_was_pulled(account, border, pulled):
    fill(account)
    account.put("contacts", 5, "2026-11-24T09:00:00", firstname="Jane", lastname="Doe", npi="1003000126")
    account.put("companies", 700, "2026-11-24T09:00:00", name="St. Mary")
    account.put("calls", 8, "2026-11-24T09:00:00", hs_timestamp="2026-11-24T08:00:00Z", hs_call_duration="90000")
    account.put("meetings", 9, "2026-11-24T09:00:00", hs_meeting_start_time="2026-11-24T08:00:00Z")
    outcomes = pulled(HubspotAccount)
    assert not any(outcome.is_failure for outcome in outcomes.values()), outcomes
    for path in (pulled.landing / "crm").rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    result = border.take("hubspot")
    assert (len(result.read), result.refused, result.unrecognised, result.quarantined) == (6, {}, {}, {})
    deal = border.ask(
        "select deal_stage, deal_owner, associated_company_id, associated_contact_id, deal_probability, close_date from {}"
        " where record_id = '1'",
        "hubspot/deals",
    )
    assert [str(value) for value in deal[0]] == ["Qualified", "rep@acme.example", "700", "5", "0.2000", "2026-12-31"]
