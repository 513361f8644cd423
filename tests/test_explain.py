"""`fieldscope explain`: why a provider is on the list or not, tonight and on a past day, in the words of the publication alone."""

import json

import duckdb
import pytest
from typer.testing import CliRunner

from dagster_project.cli import app

TABLES = """
    create table providers (npi varchar, first_name varchar, last_name varchar, specialty varchar, city varchar, state varchar,
        territory_id varchar, primary_facility_id varchar, facility_count bigint, is_active boolean, contact_id varchar,
        crm_link_method varchar, crm_link_probability double, is_customer boolean, first_order_on date);
    create table territories (territory_id varchar, name varchar, rep_id varchar);
    create table reps (rep_id varchar, name varchar);
    create table facilities (facility_id varchar, name varchar);
    create table refresh_log (refresh_id varchar, as_of date, started_at timestamp, code_version varchar);
    create table target_list (npi varchar, territory_id varchar, rank bigint, tier varchar, calls_per_quarter bigint, change varchar,
        change_reason varchar, assignment varchar, feedback varchar, why varchar, is_compliant boolean, compliance_rule varchar);
    create table withheld_targets (npi varchar, territory_id varchar, rule varchar, since date);
    create table target_scores (npi varchar, procedure_family varchar, territory_id varchar, adoption_probability double,
        expected_value_usd double, rank_in_territory bigint, reasons json, model_version varchar);
    create table blind_spots (kind varchar, subject_type varchar, subject_id varchar, severity varchar, why varchar);
    create table target_list_history (npi varchar, territory_id varchar, valid_from date, valid_to date, tier varchar, rank bigint,
        reason_for_change varchar);
"""
REASONS = json.dumps([{"text": "volume up 38 % in a year: raises the odds by 20 %"}])
ROWS = f"""
    insert into refresh_log values ('r-29', '2026-06-29', '2026-06-29', 'old'), ('r-30', '2026-06-30', '2026-06-30', 'new');
    insert into territories values ('T1', 'West [1]', 'r1'); insert into reps values ('r1', '[red]Jo[/]');
    insert into facilities values ('100001', 'St. Ann');
    insert into providers values
        ('1000000004', 'Ann', 'Lee', 'Hand', 'Reno', 'NV', 'T1', '100001', 2, true, 'c1', 'name', 0.97, false, null),
        ('1000000012', 'Bo', 'Ray', null, null, null, null, null, 0, true, null, null, null, true, '2026-01-15'),
        ('1000000020', null, null, null, null, null, 'T1', null, 0, false, null, null, null, false, null);
    insert into target_list values ('1000000004', 'T1', 3, 'A', 4, 'promoted', 'B before', 'treat', 'challenged', '9 % chance', true, null);
    insert into withheld_targets values ('1000000020', 'T1', 'PDRP', '2026-02-01');
    insert into target_scores values ('1000000004', 'hip', 'T1', 0.091, 12345.6, 3, '{REASONS}', 'adoption-blend-1');
    insert into target_list_history values
        ('1000000004', 'T1', '2026-03-01', '2026-05-31', 'B', 9, 'added: new here'), ('1000000004', 'T1', '2026-06-01', null, 'A', 3, 'promoted');
"""


@pytest.fixture
def home(tmp_path):
    current = tmp_path / "published" / "current"
    current.mkdir(parents=True)
    with duckdb.connect(str(current / "fieldscope.duckdb")) as connection:
        connection.execute(TABLES + ROWS)
    return tmp_path


def explain(home, *arguments: str):
    return CliRunner().invoke(app, ["explain", *arguments, "--home", str(home)])


def test_who_is_on_the_list_is_there_on_a_ground_that_can_be_read(home) -> None:
    told = explain(home, "1000000004")
    assert told.exit_code == 0
    for words in (
        "Ann Lee, Hand, Reno, NV",
        "Works at St. Ann (100001) first of all, 2 in all",
        "Territory T1 West [1], rep [red]Jo[/]",
        "linked by name, 97 % sure",
        "The list of 2026-06-30",
        "Tier A, rank 3 in T1, 4 calls a quarter",
        "answered: challenged",
        "hip: 9.1 % chance of a first order, worth 12,346 USD in expectation, rank 3 in T1; by adoption-blend-1",
        "- volume up 38 % in a year: raises the odds by 20 %",
        "2026-03-01 to 2026-05-31: tier B, rank 9 in T1; added: new here",
        "2026-06-01 to now: tier A",
        "Refresh r-30 as of 2026-06-30, code new",
    ):
        assert words in told.output


def test_of_one_past_day_only_the_list_that_held_is_told(home) -> None:
    told = explain(home, "1000000004", "--on", "2026-05-31").output
    assert "tier B, rank 9" in told
    assert "to now" not in told
    assert "reach from 2026-03-01 to 2026-06-30" in explain(home, "1000000004", "--on", "2025-12-31").output
    assert "Not on it" in explain(home, "1000000020", "--on", "2026-05-31").output
    assert explain(home, "1000000004", "--on", "31.5.2026").exit_code == 2


def test_who_is_not_on_it_is_a_customer_or_kept_off_by_a_gate(home) -> None:
    customer = explain(home, "1000000012").output
    assert "Not on it: a customer since 2026-01-15" in customer
    assert "not a candidate of any focus family" in customer
    withheld = explain(home, "1000000020").output
    assert "Kept off by PDRP since 2026-02-01 (for compliance only)" in withheld
    assert "None are told of who opted out" in withheld
    assert "Name not known (not active)" in withheld


def test_who_stays_in_place_for_no_other_reason_is_kept_and_no_more_is_said(home) -> None:
    with duckdb.connect(str(home / "published" / "current" / "fieldscope.duckdb")) as connection:
        connection.execute("update target_list set change = 'kept', change_reason = null")
    told = explain(home, "1000000004").output
    assert "  kept\n" in "\n".join(line.rstrip() for line in told.splitlines())
    assert "None" not in told


def test_a_number_that_nobody_bears_is_answered_with_what_to_do(home, tmp_path) -> None:
    for number in ("1234567890", "'; drop table providers; --"):
        told = explain(home, number)
        assert told.exit_code == 1
        assert "fieldscope show providers" in told.output
    assert "fieldscope run" in explain(tmp_path / "elsewhere", "1000000004").output
