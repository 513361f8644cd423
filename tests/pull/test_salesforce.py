"""A Salesforce org into the landing zone: what changed, exactly, however the org and the network behave."""

import json
import re

import duckdb
import pytest
from werkzeug import Response

from dagster_project.pull.faults import AccessError
from dagster_project.pull.marks import Marks
from dagster_project.pull.salesforce import SalesforceOrg
from tests.pull.salesforce_server import refusal


def fill(org) -> None:
    for number in range(25):
        org.put("Account", f"001{number:015d}", f"2026-11-24T09:{number:02d}:00", OwnerId="005A", CCN__c="050454")


def change(org) -> None:
    org.put("Account", f"001{3:015d}", "2026-11-25T08:00:00", Name='St. "Mary",\nNorth', OwnerId="005B")
    org.put("Account", f"001{4:015d}", "2026-11-25T08:01:00", IsDeleted="true")
    org.put("Account", f"001{99:015d}", "2026-11-25T08:02:00", Name="New")


def test_the_file_is_an_export_of_the_object(org, pulled):
    fill(org)
    org.page = 10
    outcome = pulled(SalesforceOrg, "Account")["Account"]
    assert (outcome.rows, outcome.since, outcome.is_failure) == (25, "", False), outcome.problem
    header, first = pulled.text("salesforce/Account.csv").splitlines()[:2]
    assert header.startswith('"Id","Name","Type","ParentId","CCN__c","NPI__c","GPO__c","BillingStreet"')
    assert first.startswith(f'"001{0:015d}","name of 001{0:015d}","","","050454"')
    assert [job["operation"] for job in org.jobs] == ["queryAll"]
    assert [line.split("locator=")[1] for line in org.asked if "locator=" in line] == ["10", "20"]


def test_pull_change_pull_again_gives_the_file_of_a_full_pull(org, pulled):
    fill(org)
    pulled(SalesforceOrg, "Account")
    change(org)
    org.created = "2026-11-25T13:00:00.000+0000"
    outcome = pulled(SalesforceOrg, "Account")["Account"]
    assert "SystemModstamp >= 2026-11-24T09:14:00.000Z" in org.jobs[-1]["query"], "the mark less ten minutes"
    assert outcome.since == "2026-11-24T09:24:00.000Z"
    assert outcome.rows == 26
    merged = pulled.text("salesforce/Account.csv")
    assert '"St. ""Mary"",\nNorth"' in merged
    pulled(SalesforceOrg, "Account", full=True)
    assert "WHERE" not in org.jobs[-1]["query"]
    assert pulled.text("salesforce/Account.csv") == merged


def test_a_pull_without_news_leaves_the_file_untouched(org, pulled):
    fill(org)
    pulled(SalesforceOrg, "Account")
    path = pulled.landing / "crm/salesforce/Account.csv"
    before = path.stat()
    assert pulled(SalesforceOrg, "Account")["Account"].changed_files == ()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_killed_between_rename_and_mark_the_next_pull_repeats_without_harm(org, pulled, monkeypatch):
    fill(org)
    pulled(SalesforceOrg, "Account")
    change(org)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Marks, "set", killed)
        with pytest.raises(KeyboardInterrupt):
            pulled(SalesforceOrg, "Account")
    merged = pulled.text("salesforce/Account.csv")
    assert "New" in merged
    assert pulled(SalesforceOrg, "Account")["Account"].since == "2026-11-24T09:24:00.000Z", "asked for again"
    assert pulled.text("salesforce/Account.csv") == merged
    assert not list(pulled.spill.iterdir()), "pages are swept"


def test_a_mark_never_runs_ahead_of_the_question(org, pulled):
    """A row that changes while a long job runs must not hide another that changed a little earlier."""
    org.created = "2026-11-24T10:00:00.000+0000"
    org.put("Account", "001A", "2026-11-24T11:00:00")
    pulled(SalesforceOrg, "Account")
    pulled(SalesforceOrg, "Account")
    assert "SystemModstamp >= 2026-11-24T09:50:00.000Z" in org.jobs[-1]["query"]


def test_deleted_rows_go_where_the_layout_has_no_column_for_them(org, pulled):
    org.put("Campaign", "701A", "2026-11-24T09:00:00", StartDate="2026-01-01")
    org.put("Campaign", "701B", "2026-11-24T09:00:00", StartDate="2026-01-01")
    pulled(SalesforceOrg, "Campaign")
    org.put("Campaign", "701A", "2026-11-25T09:00:00", IsDeleted="true")
    assert pulled(SalesforceOrg, "Campaign")["Campaign"].rows == 1
    text = pulled.text("salesforce/Campaign.csv")
    assert "701B" in text
    assert "701A" not in text
    assert "IsDeleted" not in text


def test_objects_that_cannot_show_deletions_are_pulled_whole(org, pulled):
    org.put("User", "005A", "2026-11-24T09:00:00", IsActive="true")
    org.put("User", "005B", "2026-11-24T09:00:00", IsActive="true")
    pulled(SalesforceOrg, "User")
    del org.records["User"]["005A"]
    assert pulled(SalesforceOrg, "User")["User"].rows == 1
    assert "WHERE" not in org.jobs[-1]["query"]


def test_what_the_org_does_not_have_is_named_and_left_out(org, pulled):
    fill(org)
    org.put("User", "005A", "2026-11-24T09:00:00")
    outcomes = pulled(SalesforceOrg, "User", "Competitor_Activity__c", "Account")
    assert outcomes["User"].left_out == ("Start_Date__c",)
    assert {"IsPersonAccount", "Specialty__c", "Target__c"} <= set(outcomes["Account"].left_out)
    absent = outcomes["Competitor_Activity__c"]
    assert not absent.is_failure
    assert "Competitor_Activity__c" in absent.problem
    assert outcomes["Account"].rows == 25


def test_what_no_refresh_can_do_without_fails_and_says_what_to_do(org, pulled):
    org.fields["Account"].remove("Name")
    outcomes = pulled(SalesforceOrg, "Account", "Contact")
    assert outcomes["Account"].is_failure
    assert "no Name" in outcomes["Account"].problem
    assert "read access" in outcomes["Account"].problem
    assert outcomes["Contact"].is_failure, "the org hides Contact from this user"
    assert "docs/pull.md" in outcomes["Contact"].problem


def test_a_field_that_appears_later_is_filled_for_every_row(org, pulled):
    org.put("User", "005A", "2026-11-24T09:00:00")
    fill(org)
    pulled(SalesforceOrg, "Account")
    org.fields["Account"].append("Target__c")
    for row in org.records["Account"].values():
        row["Target__c"] = "true"
    pulled(SalesforceOrg, "Account")
    assert "WHERE" not in org.jobs[-1]["query"]
    assert pulled.text("salesforce/Account.csv").count('"true"') == 25


def test_the_orgs_own_names_are_asked_for_and_written_as_an_export_has_them(org, pulled):
    company = pulled.landing / "company"
    company.mkdir(parents=True)
    (company / "crm_fields.yml").write_text("Account:\n  NPI__c: National_Id__c\n")
    org.fields["Account"] = [field.replace("NPI__c", "national_id__c") for field in org.fields["Account"]]
    org.put("Account", "001A", "2026-11-24T09:00:00", national_id__c="1003000126")
    pulled(SalesforceOrg, "Account")
    assert duckdb.sql(
        f"select national_id__c from read_csv('{pulled.landing}/crm/salesforce/Account.csv', all_varchar = true)"
    ).fetchall() == [("1003000126",)]
    (company / "crm_fields.yml").write_text('Account:\n  NPI__c: "Id FROM User --"\n')
    assert "no API name" in pulled(SalesforceOrg, "Account")["Account"].problem


def test_quotas_come_from_salesforces_own_object_under_the_names_of_the_layout(org, pulled):
    org.put(
        "ForecastingQuota", "0J9A", "2026-11-24T09:00:00", QuotaOwnerId="005A", StartDate="2026-10-01", QuotaAmount="5"
    )
    pulled(SalesforceOrg, "Quota")
    assert pulled.text("salesforce/Quota.csv").splitlines()[:2] == [
        '"OwnerId","Period_Start__c","QuotaAmount","Id","SystemModstamp"',
        '"005A","2026-10-01","5","0J9A","2026-11-24T09:00:00.000Z"',
    ]


def test_nul_bytes_are_dropped_and_an_empty_object_is_a_file_with_a_header(org, pulled):
    org.put("Account", "001A", "2026-11-24T09:00:00", Name="St.\0 Mary")
    outcomes = pulled(SalesforceOrg, "Account", "Campaign")
    assert '"St. Mary"' in pulled.text("salesforce/Account.csv")
    assert outcomes["Campaign"].rows == 0
    assert pulled.text("salesforce/Campaign.csv").startswith('"Id","Name"')


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_org_is_asked_again(org, pulled, naps, status):
    fill(org)
    busy = refusal(status, "SERVER_UNAVAILABLE", "try later")
    org.trouble("/jobs/query", busy, busy, busy)
    org.trouble("/results", refusal(429, "TOO_MANY", "slow down", Retry_After="17"))
    assert pulled(SalesforceOrg, "Account")["Account"].rows == 25
    assert 17 in naps, "Retry-After is honoured"
    assert any(nap in naps for nap in (2, 4)), "without it, longer each time"


def test_an_org_that_stays_busy_is_given_up_with_everything_as_it_was(org, pulled):
    fill(org)
    pulled(SalesforceOrg, "Account")
    before = pulled.text("salesforce/Account.csv")
    change(org)
    org.trouble("/jobs/query", *[refusal(503, "SERVER_UNAVAILABLE", "try later")] * 50)
    outcome = pulled(SalesforceOrg, "Account")["Account"]
    assert outcome.is_failure
    assert "503" in outcome.problem
    assert "later" in outcome.problem
    assert len([line for line in org.asked if line.startswith("POST")]) < 12, "bounded"
    assert pulled.text("salesforce/Account.csv") == before


@pytest.mark.parametrize("state", ["Failed", "Aborted"])
def test_a_failed_job_says_why_and_the_other_objects_go_on(org, pulled, state):
    fill(org)
    org.states, org.failure = ["InProgress", state], "InvalidBatch : the query was stopped"
    outcome = pulled(SalesforceOrg, "Account")["Account"]
    assert outcome.is_failure
    assert "the query was stopped" in outcome.problem
    assert not (pulled.landing / "crm/salesforce/Account.csv").exists()


@pytest.mark.parametrize("lost", ["bytes", "header"])
def test_half_a_page_is_never_taken_for_a_whole_one(org, pulled, lost):
    fill(org)
    body = {"bytes": '"Id","Na', "header": "<html>proxy</html>"}[lost]
    length = {"Content-Length": "9000"} if lost == "bytes" else {}
    half = Response(body, headers={"Sforce-Locator": "null", "Sforce-NumberOfRecords": "25"} | length)
    org.trouble("/results", half)
    assert pulled(SalesforceOrg, "Account")["Account"].rows == 25
    org.trouble("/results", *[half] * 50)
    outcome = pulled(SalesforceOrg, "Account", full=True)["Account"]
    assert outcome.is_failure
    assert pulled.text("salesforce/Account.csv").count("\n") == 26


def test_a_page_that_lacks_rows_is_asked_for_again(org, pulled):
    fill(org)
    org.lost_rows = [1]
    assert pulled(SalesforceOrg, "Account")["Account"].rows == 25
    org.lost_rows = [1] * 50
    outcome = pulled(SalesforceOrg, "Account", full=True)["Account"]
    assert "24 rows came where 25 were announced" in outcome.problem
    assert pulled.text("salesforce/Account.csv").count("\n") == 26


def test_of_two_versions_of_one_moment_the_one_pulled_last_counts(org, pulled):
    org.put("Account", "001A", "2026-11-24T09:00:00", Name="before")
    pulled(SalesforceOrg, "Account")
    org.put("Account", "001A", "2026-11-24T09:00:00", Name="after")
    assert pulled(SalesforceOrg, "Account")["Account"].rows == 1
    assert '"after"' in pulled.text("salesforce/Account.csv")


def test_a_landing_zone_that_cannot_be_written_ends_the_pull_in_words(org, pulled, monkeypatch):
    fill(org)

    def full(*_):
        raise OSError(28, "No space left on device", "Account.csv")

    monkeypatch.setattr("dagster_project.pull.landed.os.replace", full)
    with pytest.raises(AccessError, match=r"No space left on device.*then pull again"):
        pulled(SalesforceOrg, "Account")


def test_a_token_that_has_run_out_ends_the_pull_and_says_what_to_do(org, pulled):
    fill(org)
    org.token = "another token since"
    with pytest.raises(AccessError, match="get a new token"):
        pulled(SalesforceOrg, "Account")


def test_a_connected_app_logs_in_again(org, pulled, monkeypatch):
    fill(org)
    monkeypatch.delenv("FIELDSCOPE_SALESFORCE_ACCESS_TOKEN")
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_CONSUMER_KEY", "3MVG9.consumer.key")
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_CONSUMER_SECRET", "consumer-secret-1234")
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_DOMAIN", "acme.my")
    org.trouble("/results", refusal(401, "INVALID_SESSION_ID", "Session expired or invalid"))
    assert pulled(SalesforceOrg, "Account")["Account"].rows == 25
    assert org.logins == 2


def test_an_org_without_requests_left_ends_the_pull(org, pulled):
    org.trouble("/query/", refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))
    with pytest.raises(AccessError, match="tomorrow"):
        pulled(SalesforceOrg, "Account", "User")


def test_another_org_starts_whole(org, pulled, monkeypatch):
    fill(org)
    pulled(SalesforceOrg, "Account")
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_INSTANCE_URL", "https://acme--sandbox.my.salesforce.com")
    pulled(SalesforceOrg, "Account")
    assert "WHERE" not in org.jobs[-1]["query"]


def test_a_spoiled_mark_only_costs_a_full_pull(org, pulled):
    fill(org)
    pulled(SalesforceOrg, "Account")
    path = pulled.landing / "crm/salesforce/.pull.json"
    stored = json.loads(path.read_text())
    assert stored["objects"]["Account"]["changed_until"] == "2026-11-24T09:24:00.000Z"
    stored["objects"]["Account"]["changed_until"] = "2026' OR Name != '"
    path.write_text(json.dumps(stored))
    assert pulled(SalesforceOrg, "Account")["Account"].rows == 25
    assert not re.search("WHERE|OR", org.jobs[-1]["query"].split(" FROM ")[1])
    path.write_text("{half")
    assert pulled(SalesforceOrg, "Account")["Account"].rows == 25
