"""A file is judged as a whole: each threshold broken for real, what a named person approves, and what it costs when nothing is new."""

import subprocess
import sys
from dataclasses import replace

import pytest

from dagster_project.ingest.contents import SOURCES
from tests.ingest.conftest import CLAIMS, SERVICES, SERVICES_FILE, claims, npi, payments, services, status

APPROVALS = ["file", "content_hash", "rule", "approved_by", "approved_on", "reason"]


def exchanged(rows: list[list[str]], first: str, second: str) -> list[list[str]]:
    """The values of two columns under each other's name."""
    at, to = ([name.lower() for name in rows[0]].index(name.lower()) for name in (first, second))
    for row in rows[1:]:
        row[at], row[to] = row[to], row[at]
    return rows


def approve(border, breach: str, **changed: str) -> None:
    line = dict(
        zip(APPROVALS, [SERVICES_FILE, "", breach, "Ada Lovelace", "2026-07-01", "a pilot state only"], strict=True)
    )
    border.put("company/overrides.csv", [APPROVALS, list((line | changed).values())])


# What a person may decide --------------------------------------------------------------------------------------------------


def test_a_named_person_lets_a_file_in_and_is_recorded(border):
    border.put(SERVICES_FILE, services(100))
    border.take("claims")
    border.put(SERVICES_FILE, services(5))
    assert border.take("claims").refused
    approve(border, "rows_against_accepted")
    result = border.take("claims")
    assert not result.refused
    assert border.ask("select count(*) from {}", "claims/provider_service") == [(5,)]
    decision = "rows_against_accepted approved by Ada Lovelace on 2026-07-01: a pilot state only"
    assert status(border, "provider_service.rows_against_accepted") == ("warn", f"0.05 in {SERVICES_FILE} ({decision})")
    assert [row[8] for row in border.border_table("file_versions")] == [decision]
    assert border.take("claims").read == []


@pytest.mark.parametrize(
    "changed",
    [
        {"approved_by": ""},
        {"reason": ""},
        {"rule": "quarantined_share"},
        {"file": "claims/other.csv"},
        {"content_hash": "0123456789abcdef"},
    ],
)
def test_an_approval_without_a_person_or_of_something_else_approves_nothing(border, changed):
    border.put(SERVICES_FILE, services(100))
    border.take("claims")
    border.put(SERVICES_FILE, services(5))
    approve(border, "rows_against_accepted", **changed)
    assert border.take("claims").refused


def test_an_approval_bound_to_one_delivery_does_not_cover_the_next(border):
    border.put(SERVICES_FILE, services(100))
    border.take("claims")
    border.put(SERVICES_FILE, services(5))
    border.take("claims")
    (delivered,) = {row[3] for row in border.border_table("file_versions") if not row[7]}
    approve(border, "rows_against_accepted", content_hash=delivered)
    assert not border.take("claims").refused
    border.put(SERVICES_FILE, services(90))
    assert border.take("claims").refused


# Rates ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        ("avg_mdcr_pymt_amt", "avg_sbmtd_chrg", "payment_within_allowed is 0"),
        ("tot_benes", "tot_srvcs", "days_within_services is 0"),
        ("rndrng_prvdr_zip5", "rndrng_prvdr_city", "rndrng_prvdr_zip5.empty_share is 1"),
    ],
)
def test_columns_that_changed_places_are_told_where_every_single_row_can_be_read(border, first, second, rule):
    border.put(SERVICES_FILE, exchanged(services(40), first, second))
    assert rule in border.take("claims").refused[SERVICES_FILE]


def test_a_headerless_file_with_its_columns_in_another_order_is_refused(border):
    rows = [[npi(i), npi(i + 1), "20", "12", "3"] for i in range(40)]
    border.put("registry/physician_shared_patient_patterns_2015.txt", rows)
    assert not border.take("registry").refused
    border.put("registry/physician_shared_patient_patterns_2015.txt", [[a, b, d, c, e] for a, b, c, d, e in rows])
    (said,) = border.take("registry").refused.values()
    assert "patients_within_transactions is 0" in said


def test_a_sparse_column_of_wrong_numbers_is_refused_though_few_rows_break(border):
    rows = claims(1000)
    at = CLAIMS.index("facility_npi")
    for i, row in enumerate(rows[1:]):
        row[at] = f"11111111{i:02d}" if i < 30 else ""
    border.put("claims/medical_claim.csv", rows)
    (said,) = border.take("claims").refused.values()
    assert "facility_npi.valid_share is 0" in said
    assert "11111111" not in said


def test_restrictions_that_cannot_be_read_do_not_lift_the_gates(border):
    border.put("company/company.yml", "name: Acme\n")
    rows = [["npi", "facility_id", "list", "effective_from", "effective_to"]]
    rows += [[npi(i), "", "NO_CONTACT", "2024-01-01", ""] for i in range(30)]
    judged = replace(next(one for one in SOURCES if one.name == "company"), required=())
    border.put("company/restrictions.csv", rows)
    assert not border.take(judged).refused
    border.put("company/restrictions.csv", [rows[0], *(["12345", *row[1:]] for row in rows[1:])])
    assert "npi.valid_share is 0" in border.take(judged).refused["company/restrictions.csv"]
    border.put("company/restrictions.csv", rows[:3])
    assert "opt-outs are not withdrawn by the dozen" in border.take(judged).refused["company/restrictions.csv"]
    assert border.ask("select count(*) from {}", "company/restrictions") == [(30,)]


def test_more_bad_rows_than_the_contract_bears_are_refused_and_may_be_approved(border):
    rows = services(40)
    for row in rows[5:9]:
        row[SERVICES.index("Place_Of_Srvc")] = "Z"
    border.put(SERVICES_FILE, rows)
    assert "4 of 40 rows break a rule, more than the tolerated 5%" in border.take("claims").refused[SERVICES_FILE]
    approve(border, "quarantined_share")
    result = border.take("claims")
    assert (result.rows["provider_service"], result.quarantined) == (36, {SERVICES_FILE: {"unknown_code": 4}})


# What is only said ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "name", "rows", "check"),
    [
        ("claims", SERVICES_FILE, services(100, place_of_srvc="Z"), None),
        (
            "claims",
            SERVICES_FILE,
            [*services(120), *(services(n, place_of_srvc="Z")[-1] for n in range(1, 6))],
            "provider_service.unknown_code.rule_share",
        ),
        ("claims", SERVICES_FILE, [*services(120), *services(5)[1:]], "provider_service.repeated_share"),
        ("claims", SERVICES_FILE, services(40, avg_sbmtd_chrg="20000000"), "provider_service.avg_sbmtd_chrg.most"),
        ("claims", SERVICES_FILE.replace("D22", "D35"), services(40), "provider_service.years_until_release"),
        ("claims", SERVICES_FILE.replace("D22", "D09"), services(40), "provider_service.period"),
        ("open_payments", "open_payments/OP_DTL_GNRL_PGYR2012_P01302025.csv", [[cell.replace("2023", "2012") for cell in row] for row in payments(40)], "general.period"),
        ("salesforce", "crm/salesforce/Contact.csv", [["Id", "AccountId", "LastName", "NPI__c"], *([f"{i}", "2", "Doe", f"123456789{i % 10}"] for i in range(40))], "contact.npi__c.valid_share"),
    ],
)  # fmt: skip
def test_what_is_odd_but_bearable_is_said(border, source, name, rows, check):
    border.put(name, rows)
    assert not border.take(source).refused
    warned = {row[1] for row in border.border_table("checks") if row[2] == "warn" and "." in row[1]}
    assert warned == ({check} if check else set())


def test_a_busy_month_without_a_line_is_said(border):
    rows = claims(300)
    for i, row in enumerate(rows[1:]):
        day = f"2024-0{(1, 2, 4)[i % 3]}-15"
        row[CLAIMS.index("claim_start_date")] = row[CLAIMS.index("claim_line_start_date")] = day
    border.put("claims/medical_claim.csv", rows)
    assert not border.take("claims").refused
    assert status(border, "medical_claim.months_missing") == ("warn", "1 in claims/medical_claim.csv")


def test_old_lines_that_a_monthly_file_restates_are_no_busy_months(border):
    rows = claims(300)
    for i, row in enumerate(rows[1:]):
        day = f"{2024 if i < 20 else 2025}-0{i % 4 * 2 + 1 if i < 20 else 9}-15"
        row[CLAIMS.index("claim_start_date")] = row[CLAIMS.index("claim_line_start_date")] = day
        row[CLAIMS.index("file_date")] = "2025-10-01"
    border.put("claims/medical_claim.csv", rows)
    assert not border.take("claims").refused
    assert status(border, "medical_claim.months_missing") == ("pass", "0")


def test_a_missing_year_is_said_and_refused_where_the_contract_says_contiguous(border):
    def name(year: int) -> str:
        return SERVICES_FILE.replace("D22", f"D{year}")

    plain = next(one for one in SOURCES if one.name == "claims")
    strict = replace(plain, contracts=tuple(replace(one, is_contiguous=True) for one in plain.contracts))
    border.put(name(20), services(40))
    border.put(name(22), services(40))
    assert not border.take("claims").refused
    assert status(border, "periods_contiguous") == ("warn", "provider_service 2021")
    result = border.take(strict)
    assert "years_missing is 1" in result.refused[name(22)]
    border.put(name(21), services(40))
    assert not border.take(strict).refused


# What it costs -------------------------------------------------------------------------------------------------------------

NIGHT = """
import sys
from datetime import date
from pathlib import Path
from dagster_project.ingest.border import ingest, write_border_tables
from dagster_project.ingest.contents import SOURCES
home = Path(sys.argv[1])
source = next(one for one in SOURCES if one.name == "claims")
result = ingest(source, home / "landing", home / "lake", b"key of this house", {"threads": 1}, date(2026, 7, 2))
write_border_tables(home / "lake", date(2026, 7, 2))
print(len(result.read), "great_expectations" in sys.modules)
"""


def test_a_night_without_new_files_does_not_even_load_great_expectations(border):
    border.put(SERVICES_FILE, services(40))
    nights = [
        subprocess.run([sys.executable, "-c", NIGHT, border.landing.parent], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert [night.stdout.split() for night in nights] == [["1", "True"], ["0", "False"]]
    assert [night.stderr for night in nights] == ["", ""]


def test_every_source_says_why_each_of_its_thresholds_is_what_it_is():
    for source in SOURCES:
        for contract in source.contracts:
            for layout in contract.layouts:
                suite = contract.suite(layout)
                assert all(len(one.because) > 10 or one.because == contract.tolerated_because for one in suite)
                assert all(one.at_least is not None or one.at_most is not None for one in suite)
                columns = {column.name for column in contract.columns}
                named = {one.column for one in suite} - {"", "*"}
                assert named <= columns


def test_a_slip_or_two_in_a_small_file_are_no_rate(border):
    border.put(SERVICES_FILE, [*services(40, place_of_srvc="Z"), services(1)[1]])
    border.take("claims")
    shares = {row[1]: row[2] for row in border.border_table("checks") if row[1].endswith("_share")}
    assert shares["provider_service.repeated_share"] == "pass"
    assert "provider_service.unknown_code.rule_share" not in shares
