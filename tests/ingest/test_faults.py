"""Faults of files beyond those of `test_accepted`, `test_quarantine`, `test_refused` and `test_versions`, each made for real.

`docs/faults.md` says which test stands for which fault. Not here: what a whole night does with them (`tests/end_to_end`).
"""

import csv
import gzip
import io
import os
import random
import tempfile
import unicodedata
import zipfile
from pathlib import Path

import duckdb
import pytest

from dagster_project.ingest.landing_zone import check_landing
from tests.ingest.conftest import (
    CLAIMS,
    PAYMENTS,
    PAYMENTS_FILE,
    SERVICES_FILE,
    Border,
    claims,
    npi,
    payments,
    services,
)

HOSTILE = "x'; drop table files; --\"<script>alert(1)</script>"


def as_bytes(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


GOOD = as_bytes(services(40))
ZIPPED, GZIPPED = SERVICES_FILE.replace(".csv", ".zip"), SERVICES_FILE + ".gz"


def refusal(border, name: str) -> str:
    """Why the file was refused; the version accepted before must still be in use."""
    border.put(SERVICES_FILE.replace("D22", "D21"), GOOD)
    result = border.take("claims")
    assert result.rows["provider_service"] == 40
    return result.refused[name]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"   ", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_with_nothing_in_it_is_empty_however_it_is_packed(border, content, pack):
    name = SERVICES_FILE if pack is bytes else GZIPPED
    border.put(name, pack(content))
    assert "the file is empty" in refusal(border, name)


@pytest.mark.parametrize(
    "page",
    [
        b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
        b"\xef\xbb\xbf\r\n<html><head><title>503 Service Unavailable</title></head></html>",
        b'[{"errorCode": "INVALID_SESSION_ID"}]',
    ],
)
def test_an_error_page_is_shown_by_its_first_characters(border, page):
    for name, content in ((SERVICES_FILE, page), (GZIPPED.replace("D22", "D23"), gzip.compress(page))):
        border.put(name, content)
        said = refusal(border, name)
        shown = page.removeprefix(b"\xef\xbb\xbf").strip()[:80].decode()
        assert shown in said
        assert "fetch it again" in said


def test_the_line_of_a_nul_byte_far_down_is_told(border):
    lines = as_bytes(services(30_000)).splitlines(keepends=True)
    lines[25_000] = lines[25_000].replace(b"Boston", b"Bos\0on")
    border.put(SERVICES_FILE, b"".join(lines))
    assert "line 25001: unreadable: NUL byte in line 25001" in refusal(border, SERVICES_FILE)


def test_an_unclosed_quote_in_the_last_line_is_told(border):
    border.put(SERVICES_FILE, GOOD.rstrip()[:-3] + b',"open')
    assert "line 41" in refusal(border, SERVICES_FILE)


def test_no_flipped_bit_of_an_archive_changes_a_row(border):
    """DuckDB itself takes one in five of these files for whole."""
    packed = bytearray(gzip.compress(GOOD, mtime=0))
    border.put(SERVICES_FILE, GOOD)
    border.take("claims")
    table, content = "claims/provider_service", "select * exclude (_file, _period, _release) from {} order by all"
    as_sent = border.ask(content, table)
    (border.landing / SERVICES_FILE).unlink()
    outcomes = set()
    for bit in random.Random(5).sample(range(80, 8 * len(packed)), 60):
        packed[bit // 8] ^= 1 << bit % 8
        border.put(GZIPPED, bytes(packed))
        result = border.take("claims")
        outcomes.add(bool(result.refused))
        assert result.refused or border.ask(content, table) == as_sent
        packed[bit // 8] ^= 1 << bit % 8
    assert outcomes == {True}


def test_an_archive_that_unpacks_without_end_is_refused(border):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as member:
        for _ in range(300):
            member.write(bytes(1 << 20))
    border.put(ZIPPED, packed.getvalue())
    assert "unpacks to more than 200 times its size" in refusal(border, ZIPPED)
    assert not list(border.lake.glob("scratch/*/*"))


@pytest.mark.parametrize(
    "member", ["../../etc/passwd.csv", "/etc/passwd.csv", "a/../../b.csv", "..\\..\\b.csv", "C:\\b.csv"]
)
def test_an_archive_that_leaves_its_folder_is_refused(border, member):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member), GOOD)
    border.put(ZIPPED, packed.getvalue())
    assert "leaves its folder" in refusal(border, ZIPPED)


def test_a_file_that_may_not_be_read_is_named_and_the_others_are_taken():
    """As a user without rights: root may read everything."""
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o777)
        border = Border(Path(home))
        border.put(SERVICES_FILE.replace("D22", "D21"), GOOD)
        border.put(SERVICES_FILE, as_bytes(services(3))).chmod(0)
        user = os.geteuid()
        os.seteuid(65534 if user == 0 else user)
        try:
            result = border.take("claims")
        finally:
            os.seteuid(user)
    assert result.rows["provider_service"] == 40
    assert "no permission to read the file; allow it" in result.refused[SERVICES_FILE]


def test_names_in_every_script_are_shown_as_given(border):
    given = ["Zoë", unicodedata.normalize("NFD", "Zoë"), "יוסף כהן", "李小龍", "🦴 Doe"]
    rows = services(len(given))
    for row, name in zip(rows[1:], given, strict=True):
        row[1] = name
    border.put(SERVICES_FILE, rows)
    assert not border.take("claims").quarantined
    found = border.ask("select list(rndrng_prvdr_last_org_name order by _row) from {}", "claims/provider_service")
    assert found == [(given,)]


@pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\tx", HOSTILE])
def test_what_looks_like_a_formula_or_like_sql_is_stored_as_it_is(border, cell):
    border.put("crm/salesforce/Contact.csv", [["Id", "AccountId", "LastName"], ["1", "2", cell]])
    assert border.take("salesforce").rows["contact"] == 1
    assert border.ask("select lastname from {}", "salesforce/contact") == [(cell,)]


def test_a_hostile_file_name_is_a_name(border):
    name = f"claims/year=2022/{HOSTILE.replace('/', ' ')} [a-z]*?{{}}.csv"
    border.put(name, services(40, place_of_srvc="X"))
    result = border.take("claims")
    assert result.quarantined == {name: {"unknown_code": 1}}
    assert border.ask("select distinct _file from {}", "claims/provider_service") == [(name,)]
    assert [row[2] for row in border.border_table("file_versions")] == [name]


def test_hostile_header_names_are_names(border, tmp_path):
    rows = claims(3)
    border.put("claims/medical_claim_a.csv", [[*rows[0], HOSTILE], *([*row, "x"] for row in rows[1:])])
    result = border.take("claims")
    assert result.rows["medical_claim"] == 3
    assert any(HOSTILE in warning for warning in result.warnings)
    quoted = ", ".join(f"'{value}' as {name}" for name, value in zip(CLAIMS, rows[1], strict=True))
    with duckdb.connect() as con:
        con.execute(f"""copy (select {quoted}, 'x' as "a"" from t; drop table t; --") to '{tmp_path}/a.parquet'""")
    border.put("claims/medical_claim_b.parquet", (tmp_path / "a.parquet").read_bytes())
    assert not border.take("claims").refused


def test_hostile_field_names_of_an_organisation_are_names(border):
    border.put("company/crm_fields.yml", 'Contact:\n  NPI__c: "x\'; drop table y; --"\n')
    border.put(
        "crm/salesforce/Contact.csv",
        [["Id", "AccountId", "LastName", "x'; drop table y; --"], ["1", "2", "Doe", npi(1)]],
    )
    border.take("salesforce")
    assert border.ask("select npi__c from {}", "salesforce/contact") == [(npi(1),)]


def test_swapped_columns_are_told_by_the_rate_of_readable_cells(border):
    """The values of two columns changed places in the whole file: no row is taken, the rule and both columns are told."""
    rows = payments(40)
    date, amount = PAYMENTS.index("Date_of_Payment"), PAYMENTS.index("Total_Amount_of_Payment_USDollars")
    for row in rows[1:]:
        row[date], row[amount] = row[amount], row[date]
    border.put(PAYMENTS_FILE, rows)
    said = border.take("open_payments").refused[PAYMENTS_FILE]
    assert "40 of 40 rows break a rule" in said
    assert "swapped_columns" in said
    assert "column date_of_payment, total_amount_of_payment_usdollars" in said


def test_a_row_of_many_faults_counts_once_under_the_first_rule(border):
    rows = services(40, rndrng_npi="1", place_of_srvc="X", tot_srvcs="-3")
    border.put(SERVICES_FILE, rows)
    assert border.take("claims").quarantined == {SERVICES_FILE: {"npi_check_digit": 1}}


def test_columns_about_patients_are_dropped_at_the_door(border):
    private = ["birth_date", "patient_first_name", "patient_last_name", "social_security_number"]
    rows = claims(3)
    canaries = [f"CANARY-{name}" for name in private]
    border.put("claims/medical_claim.csv", [[*rows[0], *private], *([*row, *canaries] for row in rows[1:])])
    assert border.take("claims").rows["medical_claim"] == 3
    stored = [path for path in border.lake.rglob("*") if path.is_file()]
    assert stored
    assert not [path for path in stored if b"CANARY" in path.read_bytes()]


def test_a_link_that_leads_nowhere_and_a_folder_named_like_a_file_are_no_files(border):
    border.put(SERVICES_FILE, GOOD)
    (border.landing / "claims" / "MUP_PHY_D20_Prov_Svc.csv").symlink_to("nowhere.csv")
    (border.landing / "claims" / "MUP_PHY_D19_Prov_Svc.csv").mkdir()
    os.mkfifo(border.landing / "claims" / "MUP_PHY_D18_Prov_Svc.csv")
    result = border.take("claims")
    assert (result.rows["provider_service"], result.refused, result.unrecognised) == (40, {}, {})


def test_what_is_hidden_or_unfinished_is_no_delivery(border):
    for name in (
        ".part/MUP_PHY_D20_Prov_Svc.csv",
        ".MUP_PHY_D20_Prov_Svc.csv",
        "~MUP_PHY_D20_Prov_Svc.csv",
        "x.csv.part",
    ):
        border.put(f"claims/{name}", GOOD)
    border.put("crm/salesforce/.pull.json", "{}")
    result = border.take("claims")
    assert (result.rows["provider_service"], result.refused, result.unrecognised) == (0, {}, {})
    assert any("holds no CRM export" in problem for problem in check_landing(border.landing))
