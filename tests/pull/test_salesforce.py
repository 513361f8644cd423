"""A Salesforce org into the landing zone: what changed, exactly, under the names of an export. Not here: an org or a network in trouble."""

import json
import re

import duckdb
import pytest

from dagster_project.pull.marks import Marks
from dagster_project.pull.salesforce import SalesforceOrg
from tests.pull.salesforce_server import change, fill


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


def test_of_two_versions_of_one_moment_the_one_pulled_last_counts(org, pulled):
    org.put("Account", "001A", "2026-11-24T09:00:00", Name="before")
    pulled(SalesforceOrg, "Account")
    org.put("Account", "001A", "2026-11-24T09:00:00", Name="after")
    assert pulled(SalesforceOrg, "Account")["Account"].rows == 1
    assert '"after"' in pulled.text("salesforce/Account.csv")


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
