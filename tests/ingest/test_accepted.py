"""What the border takes as it comes: every way in which publishers and exports legally write the same thing."""

import gzip
import io
import zipfile
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.ingest.border import raw_schema
from dagster_project.ingest.contents import SOURCES
from tests.ingest.conftest import CLAIMS, PAYMENTS_FILE, SERVICES, SERVICES_FILE, claims, npi, payments, services

COUNT = "select count(*), sum(tot_srvcs) from {}"


def as_csv(rows: list[list[str]], end: str = "\r\n", separator: str = ",") -> str:
    return "".join(separator.join(row) + end for row in rows)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_gives_the_same_rows(border, end):
    border.put(SERVICES_FILE, as_csv(services(5), end))
    assert not border.take("claims").refused
    assert border.ask(COUNT, "claims/provider_service") == [(5, Decimal("110.000"))]


def test_mixed_line_ends_give_the_same_rows_and_leave_quoted_ones_alone(border):
    lines = as_csv(services(4, rndrng_prvdr_last_org_name='"Do\r\ne"'), "\n").split("\n")
    border.put(SERVICES_FILE, "\r\n".join(lines[:2]) + "\r\n" + lines[2] + "\r" + "\n".join(lines[3:]))
    assert not border.take("claims").refused
    assert border.ask(COUNT, "claims/provider_service") == [(4, Decimal("86.000"))]
    assert border.ask(
        "select rndrng_prvdr_last_org_name from {} order by _row desc limit 1", "claims/provider_service"
    ) == [("Do\r\ne",)]


def test_header_in_another_order_case_and_with_blanks(border):
    rows = [list(reversed(row)) for row in services(3)]
    rows[0] = [f" {name.upper()} " for name in rows[0]]
    border.put(SERVICES_FILE, rows)
    border.take("claims")
    assert border.ask(COUNT, "claims/provider_service") == [(3, Decimal("63.000"))]


def test_byte_order_mark_and_accents(border):
    border.put(SERVICES_FILE, b"\xef\xbb\xbf" + as_csv(services(2, rndrng_prvdr_first_name="Zoë")).encode())
    border.take("claims")
    assert border.ask("select max(rndrng_prvdr_first_name) from {}", "claims/provider_service") == [("Zoë",)]


def test_windows_1252_is_read_and_said(border):
    border.put(SERVICES_FILE, as_csv(services(2, rndrng_prvdr_last_org_name="O\u2019Brien-Nuñez")).encode("cp1252"))
    result = border.take("claims")
    assert border.ask("select rndrng_prvdr_last_org_name from {} where _row = 2", "claims/provider_service") == [
        ("O\u2019Brien-Nuñez",)
    ]
    assert any("Windows-1252" in warning for warning in result.warnings)


@pytest.mark.parametrize("ending", [".csv.gz", ".zip"])
def test_archives_with_one_file(border, ending):
    content = as_csv(services(3)).encode()
    if ending == ".zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("folder/whatever.csv", content)
        content = packed.getvalue()
    else:
        content = gzip.compress(content)
    border.put(SERVICES_FILE.replace(".csv", ending), content)
    border.take("claims")
    assert border.ask(COUNT, "claims/provider_service") == [(3, Decimal("63.000"))]


def test_the_file_of_before_2021_with_tabs_and_its_notice(border):
    names = "npi nppes_provider_last_org_name nppes_provider_first_name nppes_entity_code nppes_provider_city"
    names += " nppes_provider_state nppes_provider_zip provider_type hcpcs_code place_of_service bene_unique_cnt line_srvc_cnt"
    names += " bene_day_srvc_cnt average_submitted_chrg_amt average_Medicare_allowed_amt average_Medicare_payment_amt"
    notice = ["0000000001", "CPT copyright 2013 American Medical Association. All Rights Reserved.", *[""] * 14]
    rows = [names.split(), notice, *services(2, rndrng_prvdr_zip5="021341234")[1:]]
    border.put("claims/Medicare_Provider_Util_Payment_PUF_CY2014.txt", as_csv(rows, separator="\t"))
    result = border.take("claims")
    assert not result.quarantined
    found = border.ask("select _period, rndrng_prvdr_zip5, tot_srvcs from {} order by _row", "claims/provider_service")
    assert found == [(2014, "02134", Decimal("20.000")), (2014, "02134", Decimal("21.000"))]


def test_suppressed_cells_are_unknown_and_never_zero(border):
    rows = services(5)
    for row, cell in zip(rows[1:], ["*", "#", "", "<11", "0"], strict=True):
        row[SERVICES.index("Tot_Benes")] = cell
    border.put(SERVICES_FILE, rows)
    assert not border.take("claims").quarantined
    assert border.ask("select list(tot_benes order by _row) from {}", "claims/provider_service") == [
        ([None, None, None, None, 0],)
    ]


def test_amounts_with_currency_sign_and_thousands(border):
    border.put(PAYMENTS_FILE, payments(2, Total_Amount_of_Payment_USDollars="$1,234.50"))
    border.take("open_payments")
    assert border.ask("select max(total_amount_of_payment_usdollars) from {}", "open_payments/general") == [
        (Decimal("1234.50"),)
    ]


def test_numbers_that_a_spreadsheet_spoiled_are_repaired_and_said(border):
    border.put("registry/Hospital_General_Information.csv", [
        ["Facility ID", "Facility Name", "Address", "City/Town", "State", "ZIP Code", "Hospital Type", "Hospital Ownership"],
        ["10001", "South East", "1 Way", "Dothan", "AL", "36301", "Acute", "Gov"],
        ["30102.0", "North", "2 Way", "Bangor", "ME", "4401.0", "Acute", "Gov"],
        ["45S123", "West", "3 Way", "Dallas", "TX", "752011234", "Acute", "Gov"],
    ])  # fmt: skip
    result = border.take("registry")
    found = border.ask("select facility_id, zip5 from {} order by _row", "registry/hospital_general")
    assert found == [("010001", "36301"), ("030102", "04401"), ("45S123", "75201")]
    assert any("repaired" in warning for warning in result.warnings)


def test_a_reversal_is_legal_in_claim_lines(border):
    border.put("claims/medical_claim_2024.csv", claims(3, paid_amount="-1234.50", service_unit_quantity="-1"))
    assert not border.take("claims").quarantined
    assert border.ask("select min(paid_amount), min(service_unit_quantity) from {}", "claims/medical_claim") == [
        (Decimal("-1234.50"), Decimal("-1.000"))
    ]


def test_claim_lines_from_parquet_equal_those_from_csv(border, tmp_path):
    border.put("claims/medical_claim.csv", claims(4))
    border.take("claims")
    from_csv = border.ask("select * exclude (_file) from {} order by _row", "claims/medical_claim")
    (border.landing / "claims/medical_claim.csv").rename(tmp_path / "plain.csv")
    with duckdb.connect() as con:
        con.execute(
            f"copy (select * replace (claim_start_date::date as claim_start_date, paid_amount::double as paid_amount)"
            f" from read_csv('{tmp_path}/plain.csv', all_varchar = true))"
            f" to '{border.landing}/claims/medical_claim.parquet' (format parquet)"
        )
    assert not border.take("claims").refused
    assert border.ask("select * exclude (_file) from {} order by _row", "claims/medical_claim") == from_csv


def test_codes_of_claim_lines_are_normalised(border):
    border.put(
        "claims/medical_claim.csv", claims(1, diagnosis_code_1="m17.11", ms_drg_code="3", place_of_service_code="2")
    )
    border.take("claims")
    assert border.ask(
        "select diagnosis_code_1, ms_drg_code, place_of_service_code from {}", "claims/medical_claim"
    ) == [("M1711", "003", "02")]


@pytest.mark.parametrize("cell", ["", " ", ".", "..", " . "])
def test_a_diagnosis_of_blanks_and_dots_is_unknown(border, cell):
    border.put("claims/medical_claim.csv", claims(1, diagnosis_code_1=cell))
    border.take("claims")
    assert border.ask("select diagnosis_code_1 from {}", "claims/medical_claim") == [(None,)]


def test_unknown_columns_are_left_out_and_said(border):
    border.put(SERVICES_FILE, [[*row, "secret"] for row in services(2)])
    result = border.take("claims")
    assert result.rows["provider_service"] == 2
    assert any("secret" in warning for warning in result.warnings)


def test_salesforce_writes_ids_booleans_and_times_in_its_own_ways(border):
    border.put("crm/salesforce/Contact.csv", [
        ["Id", "AccountId", "FirstName", "LastName", "NPI__c", "DoNotCall", "CreatedDate", "Custom__c"],
        ["003Nq00000MXh2C", "001Nq00000J1MwbIAF", "Al", "Gore", "123", "1", "2024-07-11T21:22:07.000+0000", "x"],
        ["003Nq00000MXh2DIAT", "000000000000000AAA", "Bo", "Gore", "", "", "2024-07-11T21:22:07-0530", "x"],
        ["003Nq00000MXh2EIAT", "", "Cy", "Gore", "", "true", "2024-07-11 21:22:07", "x"],
    ])  # fmt: skip
    assert not border.take("salesforce").quarantined
    found = border.ask(
        "select id, accountid, npi__c, donotcall, createddate::varchar, isdeleted from {} order by _row",
        "salesforce/contact",
    )
    assert found == [
        ("003Nq00000MXh2CIAT", "001Nq00000J1MwbIAF", "123", True, "2024-07-11 21:22:07", None),
        ("003Nq00000MXh2DIAT", None, None, False, "2024-07-12 02:52:07", None),
        ("003Nq00000MXh2EIAT", None, None, True, "2024-07-11 21:22:07", None),
    ]


def test_an_organisations_own_field_names(border):
    border.put("company/crm_fields.yml", "Contact:\n  NPI__c: National_Id__c\n")
    border.put(
        "crm/salesforce/Contact.csv", [["Id", "AccountId", "LastName", "National_Id__c"], ["1", "2", "Gore", npi(1)]]
    )
    border.take("salesforce")
    assert border.ask("select npi__c from {}", "salesforce/contact") == [(npi(1),)]


def test_dates_to_come_are_plans_in_a_crm(border):
    border.put(
        "crm/salesforce/Contract.csv",
        [["Id", "AccountId", "StartDate", "EndDate"], ["1", "2", "2024-01-01", "9999-12-31"]],
    )
    border.put("crm/salesforce/Order.csv", "Id,AccountId,EffectiveDate\n")
    result = border.take("salesforce")
    assert not result.quarantined
    assert not result.refused
    assert result.rows["contract"] == 1


def test_shared_patients_without_a_header(border):
    border.put(
        "registry/physician_shared_patient_patterns_2015_days30.txt",
        f"{npi(1)},{npi(2)},56        ,23        ,29\n{npi(2)},{npi(1)},12        ,*         ,0\n",
    )
    border.take("registry")
    found = border.ask(
        "select npi_1, shared_transactions, patients, same_day, _period from {} order by _row",
        "registry/shared_patients",
    )
    assert found == [(npi(1), 56, 23, 29, 2015), (npi(2), 12, None, 0, 2015)]


def test_the_name_tells_year_release_and_day(border):
    border.put(PAYMENTS_FILE, payments(1))
    border.put(
        "registry/snapshot_date=2025-06-01/Facility_Affiliation.csv",
        f"NPI,facility_type,Facility Affiliations Certification Number\n{npi(1)},Hospital,10001\n",
    )
    border.put(
        "registry/Facility_Affiliation_2025-09-01.csv",
        f"NPI,facility_type,Facility Affiliations Certification Number\n{npi(1)},Hospital,10002\n",
    )
    border.put("claims/year=2021/services.csv", services(1))
    for source in ("open_payments", "registry", "claims"):
        border.take(source)
    assert border.ask("select _period, _release, _released_on::varchar from {}", "open_payments/general") == [
        (2023, "20250130", "2025-01-30")
    ]
    days = border.ask("select _released_on::varchar from {} order by 1", "registry/facility_affiliation")
    assert days == [("2025-06-01",), ("2025-09-01",)]
    assert border.ask("select _period from {}", "claims/provider_service") == [(2021,)]


def test_every_table_exists_with_its_full_schema_even_without_files(border):
    for source in SOURCES:
        if source.name != "company":
            border.take(source.name)
            for table, types in source.tables:
                described = border.ask("describe select * from {}", f"{source.name}/{table}")
                assert {row[0]: row[1] for row in described} == raw_schema()[source.name, table] == types


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=30)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_any_text_makes_the_round_trip(border, texts):
    """Commas, quotes, line breaks and every script come out as they went in; only blank cells become unknown."""
    rows = [[CLAIMS, *claims(1)[1:]][0]]
    for i, text in enumerate(texts):
        row = claims(1)[1]
        row[CLAIMS.index("claim_id")], row[CLAIMS.index("data_source")] = f"C{i}", text
        rows.append(row)
    border.put("claims/medical_claim.csv", rows)
    result = border.take("claims")
    assert not result.refused
    found = [row[0] for row in border.ask("select data_source from {} order by _row", "claims/medical_claim")]
    assert found == [text if text.strip(" ") else None for text in texts]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.from_regex(r"[12][0-9]{8,10}(\.0)?|[0-9]{9}[0-9eE]", fullmatch=True), min_size=10, max_size=300))
def test_the_check_digit_decides_which_npi_is_kept(border, numbers):
    cells = [*numbers, *(npi(i) for i in range(6300 - len(numbers)))]
    rows = [["NPI", "Provider Last Name", "pri_spec"], *([cell, "Doe", "Surgery"] for cell in cells)]
    border.put("registry/DAC_NationalDownloadableFile.csv", rows)
    border.take("registry")
    kept = {row[0] for row in border.ask("select npi from {}", "registry/doctors_clinicians")}
    assert kept == {cell.removesuffix(".0") for cell in cells if is_npi(cell.removesuffix(".0"))}


def is_npi(cell: str) -> bool:
    return (
        cell.isdigit()
        and len(cell) == 10
        and cell[0] in "12"
        and sum(
            sum(map(int, str(int(digit) * (1 + place % 2)))) for place, digit in enumerate(reversed("80840" + cell))
        )
        % 10
        == 0
    )
