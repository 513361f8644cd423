"""Data Docs: pages that a person opens from the disk, and that give nobody away."""

import re

import pytest

from dagster_project.assets.contract_check import contract_check
from dagster_project.ingest.data_docs import write_data_docs
from tests.ingest.conftest import SERVICES, SERVICES_FILE, TONIGHT, claims, services

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def docs(border):
    """Takes the claims over the border and returns every page by its name."""

    def write() -> dict[str, str]:
        border.result = border.take("claims")
        border.is_written = write_data_docs(border.lake, border.landing.parent / "docs" / "contracts", TONIGHT)
        folder = border.landing.parent / "docs" / "contracts"
        return {path.name: path.read_text() for path in folder.glob("*.html")}

    return write


def test_a_page_shows_what_was_found_what_is_allowed_and_why(border, docs):
    border.put(SERVICES_FILE, services(100))
    docs()
    border.put(SERVICES_FILE, services(5))
    pages = docs()
    assert set(pages) == {"index.html", "claims.provider_service.html"}
    assert f"<b>1 refused:</b> <code>{SERVICES_FILE}</code>" in pages["index.html"]
    row = re.search(r"<tr><td>rows_against_accepted</td>.*?</tr>", pages["claims.provider_service.html"], re.S)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[0])
    assert cells[:3] == ["rows_against_accepted", "0.05", "between 0.1 and 3"]
    assert "a tenth of the rows is a cut export" in cells[4]
    assert f"Compared with the 100 rows of {SERVICES_FILE} accepted before" in pages["claims.provider_service.html"]


def test_pages_are_written_when_results_change_and_only_then(border, docs):
    border.put(SERVICES_FILE, services(40))
    docs()
    assert border.is_written
    docs()
    assert not border.is_written
    border.put(SERVICES_FILE.replace("D22", "D21"), services(40))
    docs()
    assert border.is_written


def test_no_page_loads_anything_or_runs_a_name_from_a_file(border, docs):
    border.put(f"claims/year=2022/{HOSTILE.replace('/', ' ')}.csv", services(40))
    pages = docs()
    for page in pages.values():
        assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
        assert "default-src 'none'" in page
        assert "<script" not in page
    assert "&lt;script&gt;" in pages["claims.provider_service.html"]


def test_no_cell_of_a_patient_and_no_value_of_a_bad_row_is_on_a_page(border, docs):
    rows = claims(400, rendering_npi="CANARY-NPI", paid_amount="98765.43")
    for i, row in enumerate(rows[1:]):
        row[3] = f"CANARY-{i}"
    border.put("claims/medical_claim.csv", rows)
    bad = services(400, place_of_srvc="CANARY-PLACE")
    bad[7][SERVICES.index("Avg_Sbmtd_Chrg")] = "CANARY-MONEY"
    border.put(SERVICES_FILE, bad)
    everything = "".join(docs().values())
    assert border.result.quarantined
    assert "medical_claim" in everything
    assert "CANARY" not in everything
    assert "98,765" not in everything
    assert "98765" not in everything
    keys = border.ask("select distinct person_key from {}", "claims/medical_claim")
    assert not [key for (key,) in keys if key in everything]


def test_the_asset_check_of_a_table_fails_with_its_file_named(border, docs, tmp_path):
    border.put(SERVICES_FILE, services(100))
    docs()
    good = contract_check("claims", "provider_service", border.result.judged, tmp_path)
    assert good.passed
    border.put(SERVICES_FILE, services(5))
    docs()
    bad = contract_check("claims", "provider_service", border.result.judged, tmp_path)
    assert (bad.passed, bad.severity.value, bad.metadata["broken"].value) == (False, "ERROR", 1)
    first = bad.metadata["results"].records[0].data
    assert (first["status"], first["measure"], first["file"]) == ("fail", "rows_against_accepted", SERVICES_FILE)
    nothing = contract_check("claims", "medical_claim", border.result.judged, tmp_path)
    assert nothing.passed
