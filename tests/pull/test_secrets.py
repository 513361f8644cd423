"""Credentials come from the environment and are seen nowhere else: no output, log, file, error or error behind an error."""

import logging
import traceback

import pytest
from typer.testing import CliRunner
from werkzeug import Response

from dagster_project.cli import app
from dagster_project.pull.access import SalesforceAccess
from dagster_project.pull.faults import AccessError
from dagster_project.pull.salesforce import SalesforceOrg
from tests.pull.conftest import TOKEN
from tests.pull.salesforce_server import refusal

KEY, SECRET = "3MVG9.canary.consumer.key", "canary-consumer-secret-1234"


def seen(caplog, tmp_path, *texts: str) -> str:
    """Everything that a pull leaves behind."""
    files = [path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()]
    return "\n".join([*texts, *files, *(record.getMessage() for record in caplog.records), caplog.text])


def told(error: BaseException) -> str:
    """An error as a log would hold it, with all that hangs on it."""
    text = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format(chain=True))
    return text + repr(error) + repr(error.__cause__) + repr(error.__context__)


@pytest.mark.parametrize(
    "trouble",
    [
        refusal(400, "BAD", f"you sent Bearer {TOKEN}"),
        refusal(403, "API_DISABLED", f"you sent Bearer {TOKEN}"),
        Response(f"<html>{TOKEN}</html>", 502),
        Response(f"not json {TOKEN}", 200),
    ],
)
def test_a_token_that_the_org_sends_back_is_hidden(org, tmp_path, caplog, trouble):
    caplog.set_level(logging.DEBUG)
    org.put("Account", "001A", "2026-11-24T09:00:00")
    org.trouble("/jobs/query", *[trouble] * 30)
    result = CliRunner().invoke(app, ["pull", "salesforce", "--objects", "account", "--landing", str(tmp_path)])
    assert result.exit_code == 1
    assert "Account" in result.output
    assert TOKEN not in seen(caplog, tmp_path, result.output, result.stderr)


def test_a_pull_that_works_writes_no_secret(org, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    org.put("Account", "001A", "2026-11-24T09:00:00")
    result = CliRunner().invoke(app, ["pull", "salesforce", "--objects", "account", "--landing", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "crm/salesforce/.pull.json").exists()
    assert TOKEN not in seen(caplog, tmp_path, result.output)


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("said", ["user hasn't approved this consumer", f"{KEY} {SECRET} is wrong"])
def test_a_login_that_fails_shows_neither_key_nor_secret(org, tmp_path, caplog, monkeypatch, recwarn, status, said):
    caplog.set_level(logging.DEBUG)
    monkeypatch.delenv("FIELDSCOPE_SALESFORCE_ACCESS_TOKEN")
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_CONSUMER_KEY", KEY)
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_CONSUMER_SECRET", SECRET)
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_DOMAIN", "acme.my")
    body = f'{{"error": "invalid_grant", "error_description": "{said}"}}'
    org.trouble("/oauth2/token", *[Response(body, status)] * 30)
    with pytest.raises(AccessError, match="connected app") as failure:
        SalesforceOrg(tmp_path)
    text = seen(caplog, tmp_path, told(failure.value), *(str(warning.message) for warning in recwarn))
    assert KEY not in text
    assert SECRET not in text


@pytest.mark.parametrize("token", [f"{TOKEN}\nX-Evil: 1", f"{TOKEN} ", f"{TOKEN}…"])
def test_a_token_that_no_header_can_hold_is_refused_without_being_shown(org, tmp_path, monkeypatch, token):
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_ACCESS_TOKEN", token)
    with pytest.raises(AccessError, match="FIELDSCOPE_SALESFORCE_ACCESS_TOKEN") as failure:
        SalesforceOrg(tmp_path)
    assert TOKEN not in told(failure.value)
    assert not org.asked
    assert TOKEN not in repr(SalesforceAccess())


def test_an_error_carries_no_error_of_the_library_with_it(org, pulled):
    """Its frames hold the headers: a tool that logs them with local variables would log the token."""
    org.trouble("/query/", refusal(401, "INVALID_SESSION_ID", "expired"))
    with pytest.raises(AccessError) as failure:
        pulled(SalesforceOrg, "Account")
    assert failure.value.__cause__ is None
    assert failure.value.__context__ is None


def test_without_access_the_variables_are_named(tmp_path, monkeypatch):
    result = CliRunner().invoke(app, ["pull", "salesforce", "--landing", str(tmp_path)])
    assert result.exit_code == 1
    assert "FIELDSCOPE_SALESFORCE_CONSUMER_KEY" in result.output + result.stderr
