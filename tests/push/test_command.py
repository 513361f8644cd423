"""`fieldscope push` by its exit codes and its words, and what it never shows."""

import json
import logging

import pytest
from typer.testing import CliRunner
from werkzeug import Response

from dagster_project.cli import app
from dagster_project.lock import held
from tests.publish.writeback_nights import NPIS, record, target
from tests.pull.conftest import TOKEN
from tests.pull.salesforce_server import refusal
from tests.pull.test_secrets import seen


def command(nights, *arguments: str):
    result = CliRunner().invoke(app, ["push", *arguments, "--home", str(nights.home.root)])
    return result.exit_code, result.output + result.stderr


def test_a_dry_run_shows_counts_and_the_first_rows_and_sends_nothing(nights, org, monkeypatch):
    nights.publish("2026-06-29", [target(n) for n in range(6)])
    monkeypatch.delenv("FIELDSCOPE_SALESFORCE_ACCESS_TOKEN")
    code, text = command(nights, "salesforce", "--dry-run")
    assert code == 0, text
    assert "Fieldscope_Target__c: 6 targets would be sent, 0 that left the list be cleared." in text
    assert NPIS[4] in text
    assert NPIS[5] not in text
    assert org.asked == []
    assert not (nights.home.root / "pushed").exists()


def test_a_dry_run_knows_what_is_confirmed(nights, org):
    nights.publish("2026-06-29", [target(1), target(2)])
    assert command(nights, "salesforce")[0] == 0
    nights.publish("2026-06-30", [target(2), target(3)])
    asked = len(org.asked)
    _, text = command(nights, "salesforce", "--dry-run")
    assert "1 targets would be sent, 1 that left the list be cleared." in text
    assert len(org.asked) == asked


def test_all_confirmed_ends_with_nought_and_one_failed_row_with_one(nights, org):
    nights.publish("2026-06-29", [target(1), target(2)])
    org.faulty = {NPIS[1]: "REQUIRED_FIELD_MISSING:Required fields are missing: [Contact__c]:Contact__c --"}
    code, text = command(nights, "salesforce")
    assert code == 1
    assert f"Fieldscope_Target__c {NPIS[1]}: failed: REQUIRED_FIELD_MISSING" in text
    assert "sent again by the next push" in text
    org.faulty = {}
    code, text = command(nights, "salesforce")
    assert code == 0, text
    code, text = command(nights, "salesforce")
    assert (code, "holds tonight's list already" in text) == (0, True)


@pytest.mark.parametrize(("arguments", "code"), [(["salesfarce"], 2), (["salesforce", "--dry"], 2), (["hubspot"], 1)])
def test_wrong_usage_ends_with_two_and_a_crm_that_this_home_has_not_with_one(nights, org, account, arguments, code):
    nights.publish("2026-06-29", [target(1)])
    assert command(nights, *arguments)[0] == code
    assert account.asked == []


def test_without_a_publication_or_without_access_it_says_what_to_do(nights, monkeypatch):
    assert "fieldscope run" in command(nights, "hubspot", "--dry-run")[1]
    nights.publish("2026-06-29", [target(1)])
    code, text = command(nights, "salesforce")
    assert (code, "FIELDSCOPE_SALESFORCE_CONSUMER_KEY" in text) == (1, True)


def test_a_second_push_at_the_same_time_ends_at_once(nights, org):
    nights.publish("2026-06-29", [target(1)])
    with held(nights.home.root / "pushed" / "salesforce.lock"):
        code, text = command(nights, "salesforce")
    assert (code, "another push" in text) == (1, True)
    assert org.asked == []


def test_a_memory_that_cannot_be_written_is_said_before_anything_is_sent(nights, org):
    nights.publish("2026-06-29", [target(1)])
    (nights.home.root / "pushed" / "salesforce.sqlite").mkdir(parents=True)
    code, text = command(nights, "salesforce")
    assert (code, "cannot be written" in text) == (1, True)
    assert org.asked == []


@pytest.mark.parametrize(
    "trouble",
    [
        refusal(400, "BAD", f"you sent Bearer {TOKEN}"),
        Response(f"<html>{TOKEN}</html>", 502),
        Response(f"not json {TOKEN}", 200),
        Response(f"not csv {TOKEN}", 201),
    ],
)
@pytest.mark.parametrize("where", ["POST", "PUT", "PATCH", "GET"])
def test_a_token_that_the_org_sends_back_is_hidden(nights, org, tmp_path, caplog, where, trouble):
    caplog.set_level(logging.DEBUG)
    nights.publish("2026-06-29", [target(1)])
    org.trouble(where, *[trouble] * 30)
    _, text = command(nights, "salesforce")
    assert TOKEN not in seen(caplog, tmp_path, text)


def test_a_token_in_what_is_said_of_a_row_of_salesforce_is_hidden(nights, org, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    nights.publish("2026-06-29", [target(1)])
    org.faulty = {NPIS[1]: f"BAD:you sent {TOKEN}"}
    code, text = command(nights, "salesforce")
    assert (code, "you sent ***" in text) == (1, True)
    assert TOKEN not in seen(caplog, tmp_path, text)


def test_a_token_in_what_is_said_of_a_row_of_hubspot_is_hidden(nights, account, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    nights.records = [record(1, "hubspot")]
    nights.publish("2026-06-29", [target(1)])
    error = {"category": "VALIDATION_ERROR", "message": f"you sent {TOKEN}", "context": {"ids": ["501"]}}
    body = json.dumps({"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [error]})
    account.trouble("batch", Response(body, 207, content_type="application/json"))
    code, text = command(nights, "hubspot")
    assert (code, "you sent ***" in text) == (1, True)
    assert TOKEN not in seen(caplog, tmp_path, text)
