"""A Salesforce org or a network in trouble: asked again within bounds, given up in words, and the file as it was."""

import pytest
from werkzeug import Response

from dagster_project.pull.faults import AccessError
from dagster_project.pull.salesforce import SalesforceOrg
from tests.pull.salesforce_server import change, fill, refusal


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
