"""Rows that break a rule: each stands apart with its line, column, rule and value, and the rest of the file is taken."""

import json

import pytest

from dagster_project.ingest.reader import connect
from tests.ingest.conftest import (
    CLAIMS,
    PAYMENTS,
    PAYMENTS_FILE,
    SERVICES,
    SERVICES_FILE,
    claims,
    npi,
    payments,
    services,
)

GOOD = 40


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("rndrng_npi", "", "missing_key"),
        ("rndrng_npi", "1234567890", "npi_check_digit"),
        ("rndrng_npi", "123456789", "npi_check_digit"),
        ("tot_srvcs", "many", "not_a_number"),
        ("avg_mdcr_pymt_amt", "(12)", "not_a_number"),
        ("tot_benes", "a few", "not_a_number"),
        ("tot_benes", "11.5", "not_a_count"),
        ("tot_benes", "-3", "not_a_count"),
        ("avg_sbmtd_chrg", "-1", "negative_amount"),
        ("place_of_srvc", "X", "unknown_code"),
        ("hcpcs_cd", "274471", "too_long"),
    ],
)
def test_a_bad_cell_of_provider_and_service(border, column, value, rule):
    border.put(SERVICES_FILE, services(GOOD, **{column: value}))
    result = border.take("claims")
    assert result.rows["provider_service"] == GOOD - 1
    assert result.quarantined == {SERVICES_FILE: {rule: 1}}
    assert border.quarantined("claims/provider_service") == [(GOOD + 1, column, rule, value or None)]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"total_amount_of_payment_usdollars": "-5.00"}, "negative_amount"),
        ({"total_amount_of_payment_usdollars": "twelve"}, "not_a_number"),
        ({"date_of_payment": "02/29/2023"}, "not_a_date"),
        ({"date_of_payment": "06/15/0202"}, "date_outside_period"),
        ({"date_of_payment": "06/15/2031"}, "date_outside_period"),
        ({"date_of_payment": "06/15/2022", "program_year": "2022"}, "date_outside_period"),
        ({"payment_publication_date": "01/01/2023"}, "date_in_future"),
        ({"change_type": "PERHAPS"}, "unknown_code"),
        ({"record_id": ""}, "missing_key"),
        ({"covered_recipient_npi": "1111111111"}, "npi_check_digit"),
        ({"date_of_payment": "12.50", "total_amount_of_payment_usdollars": "06/15/2023"}, "swapped_columns"),
        ({"total_amount_of_payment_usdollars": "-5.00", "change_type": "PERHAPS"}, "negative_amount"),
    ],
)
def test_a_bad_row_of_open_payments_counts_once_under_its_first_rule(border, changed, rule):
    border.put(PAYMENTS_FILE, payments(GOOD, **changed))
    result = border.take("open_payments")
    assert result.rows["general"] == GOOD - 1
    assert result.quarantined == {PAYMENTS_FILE: {rule: 1}}


def test_the_twenty_ninth_of_february_is_a_day_in_leap_years(border):
    border.put("claims/medical_claim.csv", claims(GOOD, claim_line_start_date="2024-02-29"))
    assert not border.take("claims").quarantined


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"claim_line_start_date": "2024-05-01"}, "date_in_future"),
        ({"claim_line_start_date": "0202-05-01"}, "date_outside_period"),
        ({"claim_line_start_date": "2023-02-29"}, "not_a_date"),
        ({"claim_line_start_date": "2023-02-29", "claim_start_date": "2023-02-29"}, "not_a_date"),
        ({"claim_line_start_date": "", "claim_start_date": ""}, "missing_key"),
        ({"person_id": ""}, "missing_key"),
        ({"facility_npi": "12"}, "npi_check_digit"),
        ({"claim_type": "barter"}, "unknown_code"),
    ],
)
def test_a_bad_claim_line_shows_no_value_of_the_patient(border, changed, rule):
    border.put("claims/medical_claim.csv", claims(GOOD, **changed))
    assert border.take("claims").quarantined == {"claims/medical_claim.csv": {rule: 1}}
    assert [(found, value) for _, _, found, value in border.quarantined("claims/medical_claim")] == [(rule, None)]


def test_a_row_with_another_number_of_fields(border):
    rows = services(GOOD)
    rows[3] = rows[3][:-1]
    rows[20] = [*rows[20], "more"]
    border.put(SERVICES_FILE, rows)
    assert border.take("claims").rows["provider_service"] == GOOD - 2
    found = border.quarantined("claims/provider_service")
    assert [(line, rule) for line, _, rule, _ in found] == [(4, "wrong_field_count"), (21, "wrong_field_count")]
    kept = [row for (row,) in border.ask("select _row from {} order by 1", "claims/provider_service")]
    assert kept == [row for row in range(1, GOOD + 1) if row not in (3, 20)]


def test_the_line_is_the_true_one_after_line_breaks_inside_of_quotes(border):
    rows = services(GOOD, place_of_srvc="X")
    for row in (rows[2], rows[5]):
        row[SERVICES.index("Rndrng_Prvdr_Last_Org_Name")] = 'Doe\nand "Sons",\r\nInc'
    rows[10] = rows[10][:-2]
    border.put(SERVICES_FILE, rows)
    border.take("claims")
    assert border.quarantined("claims/provider_service") == [
        (15, None, "wrong_field_count", "Expected Number of Columns: 16 Found: 14"),
        (GOOD + 5, "place_of_srvc", "unknown_code", "X"),
    ]
    assert border.ask("select max(_row), count(*) from {}", "claims/provider_service") == [(GOOD - 1, GOOD - 2)]


def test_a_field_of_five_megabytes_goes_apart(border):
    border.put(SERVICES_FILE, services(GOOD, rndrng_prvdr_last_org_name="x" * 5_000_000))
    result = border.take("claims")
    assert result.quarantined == {SERVICES_FILE: {"too_long": 1}}
    assert result.rows["provider_service"] == GOOD - 1


def test_the_same_record_twice_counts_once_and_contradicting_ones_not_at_all(border):
    rows = payments(GOOD)
    twice, other = list(rows[1]), list(rows[2])
    other[PAYMENTS.index("Total_Amount_of_Payment_USDollars")] = "99.00"
    border.put(PAYMENTS_FILE, [*rows, twice, other])
    result = border.take("open_payments")
    assert result.quarantined == {PAYMENTS_FILE: {"duplicate_key_conflict": 2}}
    assert result.rows["general"] == GOOD - 1
    assert border.ask("select count(*) from {} where record_id = '7000'", "open_payments/general") == [(1,)]
    assert [(line, value) for line, _, _, value in border.quarantined("open_payments/general")] == [
        (3, "7001"),
        (GOOD + 3, "7001"),
    ]


def test_restated_claim_lines_are_no_conflict(border):
    rows = claims(GOOD)
    restated = list(rows[1])
    restated[CLAIMS.index("file_date")], restated[CLAIMS.index("paid_amount")] = "2024-06-30", "0"
    border.put("claims/medical_claim.csv", [*rows, restated])
    result = border.take("claims")
    assert not result.quarantined
    assert result.rows["medical_claim"] == GOOD + 1


def test_an_organisation_is_a_legal_provider_and_a_wrong_crm_npi_is_kept(border):
    border.put(SERVICES_FILE, services(GOOD, rndrng_prvdr_ent_cd="O"))
    border.put(
        "crm/salesforce/Contact.csv", [["Id", "AccountId", "LastName", "NPI__c"], ["1", "2", "Doe", "1234567890"]]
    )
    assert not border.take("claims").quarantined
    assert not border.take("salesforce").quarantined
    assert border.ask("select npi__c from {}", "salesforce/contact") == [("1234567890",)]


def test_the_border_tables_count_what_was_kept_apart(border):
    border.put(SERVICES_FILE, services(GOOD, rndrng_npi=npi(1)[:-1] + "x"))
    border.take("claims")
    ((source, rule, file, rows, sample),) = border.border_table("quarantine")
    assert (source, rule, file, rows) == ("claims", "npi_check_digit", SERVICES_FILE, 1)
    assert json.loads(sample) == [{"line": GOOD + 1, "column": "rndrng_npi", "value": npi(1)[:-1] + "x"}]
    checks = {row[1]: (row[2], row[5]) for row in border.border_table("checks")}
    assert checks["rows_quarantined"] == ("warn", GOOD)
    assert checks["files_refused"] == ("pass", GOOD)


def test_the_border_keeps_no_bytes_of_files_that_it_has_read():
    with connect({}, b"key") as connection:
        (kept,) = connection.execute("select current_setting('enable_external_file_cache')").fetchone()
    assert kept is False, (
        "a scratch file of the same place and size was read as the one before it: ZSTD Decompression failure"
    )
