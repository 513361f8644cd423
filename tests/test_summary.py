"""What the summary says where there is little to say: the sentences of an empty night, of refused files and of a failure."""

import io
import json
import re

import duckdb
import pytest
from rich.console import Console

from dagster_project.settings import Settings
from dagster_project.summary import NothingPublished, print_failure, print_subject, print_summary

TABLES = """
    create table providers (npi varchar, first_name varchar, last_name varchar, city varchar, is_active boolean, annual_volume double);
    create table provider_families (counted varchar, is_focus boolean);
    create table target_scores (npi varchar, territory_id varchar);
    create table source_versions (source varchar, rows bigint, accepted boolean);
    create table quarantined_rows (source varchar, rule varchar, file varchar, rows bigint, sample json);
    create table data_quality (source varchar, check_name varchar, status varchar, observed varchar);
    create table territories (territory_id varchar, name varchar, rep_id varchar, opportunity_usd double);
    create table reps (rep_id varchar, name varchar);
    create table target_list (npi varchar, territory_id varchar, rep_id varchar, rank bigint, tier varchar, calls_per_quarter bigint,
        change varchar, change_reason varchar, assignment varchar, feedback varchar, why varchar);
    create table target_list_changes (npi varchar, change varchar);
    create table blind_spots (kind varchar, subject_id varchar, territory_id varchar, severity varchar, opportunity_usd double, q_value double, why varchar);
    create table forecasts (level varchar, quarter_start date, closed_usd double, p10 double, p50 double, p90 double,
        commit_usd double, quota_usd double, quota_probability double);
"""
ROWS = """
    insert into providers values ('1000000004', 'Ann', 'Lee', null, true, 1234), ('1000000012', 'Bo', 'Ray', 'Reno', false, null);
    insert into provider_families values ('procedures and prescriptions', true), ('prescriptions', true), ('procedures', false);
    insert into source_versions values ('claims', 5000, true), ('claims', 7, false), ('reference', 900, true);
    insert into quarantined_rows values ('claims', 'not_a_date', 'claims/a.csv', 3, '[]');
    insert into territories values ('T1', 'West [1]', 'r1', 9), ('T2', 'East', null, 8);
    insert into target_list values 
        ('1000000004', 'T1', 'gone', 1, 'C', 1, 'demoted', 'fewer [calls]', 'treat', 'none', '40 [new] procedures'),
        ('1000000012', 'T2', 'gone', 1, 'A', 0, 'added', 'drawn', 'holdout', 'challenged', '');
    insert into target_list_changes values ('1000000004', 'demoted'), ('1000000012', 'added'), ('1000000020', 'dropped');
    insert into blind_spots values ('rising_uncalled', '1000000004', 'T1', 'high', 1500.4, 0.0312, 'rises');
    insert into forecasts values ('company', '2026-07-01', 0, 1000000, 2000000, 3000000, null, 2500000, 0.256), ('rep', '2026-07-01', 9, 9, 9, 9, 9, 9, 9);
"""
FACTS = {"as_of": "2026-06-30", "refresh_id": "20260630-1", "missing_sources": [], "unrecognised": [], "refused": []}


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=300)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path)


def publish(settings: Settings, rows: str = "", **facts) -> None:
    settings.paths.current.mkdir(parents=True)
    (settings.paths.current / "manifest.json").write_text(json.dumps(FACTS | facts))
    with duckdb.connect(str(settings.paths.current / "fieldscope.duckdb")) as connection:
        connection.execute(TABLES + rows)


def said(console: Console) -> str:
    """The text with single spaces."""
    return re.sub(r"\s+", " ", console.file.getvalue())


def test_a_night_with_nothing_to_say_says_so(console, settings):
    publish(settings)
    assert print_summary(console, settings) == []
    for sentence in (
        "0 providers (0 active), 0 procedures",
        "No target list: no provider could be scored.",
        "No flag tonight",
        "No forecast",
    ):
        assert sentence in said(console)


@pytest.mark.parametrize(
    ("scored", "seated", "why"),
    [
        (
            "null",
            "r",
            "of no scored provider is a ZIP known that company/territory_alignment.csv gives to a territory.",
        ),
        ("'T1'", None, "no territory has a rep in seat."),
        ("'T1'", "r", "whoever is scored is withheld, or no call there is worth what it costs."),
    ],
)
def test_a_night_without_a_list_says_what_it_lacked(console, settings, scored, seated, why):
    rep = "null" if seated is None else f"'{seated}'"
    publish(
        settings,
        f"insert into target_scores values ('1', {scored}); insert into territories values ('T1', 'T1', {rep}, 1)",
    )
    print_summary(console, settings)
    assert f"No target list: {why}" in said(console)


def test_figures_are_a_manager_s(console, settings):
    publish(settings, ROWS)
    print_summary(console, settings)
    for sentence in (
        "your company, as of 2026-06-30",
        "2 providers (1 active), 1,234 procedures and prescriptions of your focus families",
        "1 files with 5,000 rows came in; 3 rows went to quarantine.",
        "Call first in West [1] The whole list holds 2 providers, 1 of them the holdout that nobody calls; against the list before:"
        " 1 added, 1 demoted, 1 dropped. 1. Ann Lee, place unknown: tier C, one call a quarter (demoted: fewer [calls]) 40 [new] procedures",
        "rising uncalled 1 1 $1,500",
        "2026-07-01 $0 $1,000,000 $2,000,000 $3,000,000 – $2,500,000 26%",
    ):
        assert sentence in said(console)
    assert "Bo Ray" not in said(console)


def test_what_the_crm_is_to_load_is_counted(console, settings):
    publish(settings, crm_writeback={"salesforce/[x].csv": 1200, "without_contact.csv": 48})
    print_summary(console, settings)
    assert (
        "For the CRM: 1,200 rows in salesforce/[x].csv. 48 targets have no place in a CRM; without_contact.csv says why."
        in said(console)
    )


def test_what_did_not_come_in_is_named(console, settings):
    refused = ["claims/[2024].csv: line 3: no_year"]
    publish(settings, missing_sources=["open_payments"], unrecognised=["notes.txt: no known header"], refused=refused)
    assert print_summary(console, settings) == refused
    assert "Not delivered: open_payments." in said(console)
    assert "Not recognised, left out: notes.txt: no known header" in said(console)
    assert f"Refused, the last good version stays: {refused[0]}" in said(console)


def test_a_restriction_that_is_not_understood_is_named_for_it_keeps_nobody_off_the_list(console, settings):
    sample = json.dumps([{"line": 6, "column": "effective_from", "value": "2025-02-30"}])
    row = f"('company', 'not_a_date', 'company/restrictions.csv', 2, '{sample}')"
    publish(settings, f"{ROWS}; insert into quarantined_rows values {row}")
    print_summary(console, settings)
    assert (
        "2 lines of company/restrictions.csv are not understood and keep nobody off the list, mend them:"
        " line 6, effective_from '2025-02-30'" in said(console)
    )


def test_a_closed_facility_where_nobody_works_is_named_for_it_keeps_nobody_off_the_list(console, settings):
    publish(settings, "insert into data_quality values ('company', 'restrictions_that_reach_nobody', 'warn', '2')")
    print_summary(console, settings)
    assert "company/restrictions.csv where nobody is known to work, so that they keep nobody off the list: 2" in said(
        console
    )


def test_what_the_contracts_find_odd_is_named_and_a_long_list_is_cut(console, settings):
    odd = ", ".join(f"('claims', 'provider_service.odd_{i}', 'warn', '{i} in [a].csv')" for i in range(7))
    publish(settings, f"insert into data_quality values {odd}, ('claims', 'rows_quarantined', 'warn', '3')")
    print_summary(console, settings)
    assert "Worth a look: claims, provider_service.odd_0: 0 in [a].csv" in said(console)
    assert "odd_5" not in said(console)
    assert "2 more stand in data_quality and in the Data Docs." in said(console)
    assert "rows_quarantined" not in said(console)


def test_a_list_keeps_to_its_territory(console, settings):
    publish(settings, ROWS)
    print_subject(console, settings, "targets", territory="T2", npi=None, limit=10)
    assert "Bo Ray 1000000012 none, holdout added: drawn challenged" in said(console)
    assert "Ann Lee" not in said(console)


def test_without_a_publication_nothing_is_shown(console, settings):
    with pytest.raises(NothingPublished, match="Run `fieldscope run` first"):
        print_subject(console, settings, "forecast", territory=None, npi=None, limit=10)


def test_a_failure_names_the_first_step_and_what_stays(console, settings):
    failures = [("core", "dbt: 1 failed [int_calls]"), ("volume", "never shown")]
    print_failure(console, settings, failures)
    assert "Not published. It stopped at core: dbt: 1 failed [int_calls] `fieldscope doctor` looks further." in said(
        console
    )
    publish(settings)
    print_failure(console, settings, failures)
    assert "The last publication stays, as of 2026-06-30" in said(console)
    assert "never shown" not in said(console)


def test_the_summary_says_what_took_the_place_of_what(settings, console):
    text = "open_payments general 2023: release of 30 January 2025 replaces 30 June 2024: +1,203 rows, −$12,310.55, +12 providers"
    exports = [
        {"source": "salesforce", "kind": "restated", "rows": -2, "text": f"salesforce crm/salesforce/{name}.csv: …"}
        for name in ("Account", "Contact", "Event", "Task")
    ]
    release = {"source": "open_payments", "kind": "restated", "rows": 1203, "text": text}
    publish(settings, ROWS, changes=[release, *exports])
    print_summary(console, settings)
    lines = said(console)
    assert f"- {text}" in lines
    assert "- salesforce: 4 files delivered again with other content: −8 rows" in lines


def test_the_summary_names_what_was_left_alone_mended_or_replayed(settings, console):
    publish(settings, ROWS, waiting=["claims/a.csv"], damaged=["claims/b.csv"], replayed=["claims", "salesforce"])
    print_summary(console, settings)
    text = said(console)
    assert "still being written; the next refresh reads it: claims/a.csv" in text
    assert "read again from the landing zone: claims/b.csv" in text
    assert "claims, salesforce as in use then" in text
