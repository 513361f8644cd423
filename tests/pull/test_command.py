"""`fieldscope pull` by its exit codes and its words, and its files at the border."""

import os

from typer.testing import CliRunner

from dagster_project.cli import app
from dagster_project.ingest.salesforce import CONTRACTS
from dagster_project.pull.salesforce import SalesforceOrg
from dagster_project.pull.salesforce_objects import OBJECTS, wanted
from tests.ingest.conftest import LONG_AGO


def command(*arguments: str):
    return CliRunner().invoke(app, ["pull", *arguments])


def test_a_dry_run_counts_and_writes_nothing(org, tmp_path):
    org.put("Account", "001A", "2026-11-24T09:00:00")
    landing = tmp_path / "landing"
    result = command("salesforce", "--dry-run", "--objects", "Account,Campaign", "--landing", str(landing))
    assert result.exit_code == 0, result.output
    rows = [line.split() for line in result.output.splitlines() if "Account" in line or "Campaign" in line]
    assert [row[1:6:2] for row in rows] == [["Account", "everything", "1"], ["Campaign", "everything", "0"]]
    assert not landing.exists()
    assert not org.jobs
    command("salesforce", "--objects", "account", "--landing", str(landing))
    result = command("salesforce", "--dry-run", "--objects", "account", "--landing", str(landing))
    assert "2026-11-24T09:00:00.000Z" in result.output


def test_an_object_that_nobody_knows_is_wrong_usage(org, tmp_path):
    result = command("salesforce", "--objects", "Accounts", "--landing", str(tmp_path))
    assert result.exit_code == 2
    assert "Accounts" in result.output + result.stderr


def test_one_failed_object_ends_with_one_and_leaves_the_others_pulled(org, tmp_path):
    org.put("Account", "001A", "2026-11-24T09:00:00")
    result = command("salesforce", "--objects", "contact,account", "--landing", str(tmp_path))
    assert result.exit_code == 1
    assert (tmp_path / "crm/salesforce/Account.csv").exists()


def test_the_border_reads_what_was_pulled_and_nothing_else_that_lies_there(org, border, pulled):
    org.put("Account", "001000000000001AAA", "2026-11-24T09:00:00", NPI__c="1003000126", Name="=cmd|' /C calc'!A0")
    org.put("User", "005000000000001AAA", "2026-11-24T09:00:00", IsActive="true")
    org.put("Campaign", "701000000000001AAA", "2026-11-24T09:00:00", StartDate="2026-01-01")
    outcomes = pulled(SalesforceOrg, "User", "Account", "Campaign")
    assert not any(outcome.is_failure for outcome in outcomes.values())
    for path in (pulled.landing / "crm").rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    result = border.take("salesforce")
    assert (len(result.read), result.refused, result.unrecognised) == (3, {}, {})
    accounts = border.ask("select id, name, npi__c, isdeleted from {}", "salesforce/account")
    assert accounts == [("001000000000001AAA", "=cmd|' /C calc'!A0", "1003000126", False)]


def test_every_object_has_what_the_border_knows_its_file_by(tmp_path):
    signatures = {contract.table.replace("_", ""): contract.layouts[0].signature for contract in CONTRACTS}
    assert len(OBJECTS) == len(signatures)
    for name in OBJECTS:
        known_by = signatures[name.lower().removesuffix("__c").replace("_", "")]
        assert {column.lower() for column in wanted(name, tmp_path).required} == set(known_by), name
