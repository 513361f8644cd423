"""A file is compared with what was accepted before it: ten-fold fewer rows, a column that runs empty, a key filled down."""

import pytest

from dagster_project.ingest import border as border_module
from dagster_project.ingest.drift import kind_of
from tests.ingest.conftest import SERVICES, SERVICES_FILE, npi, services, status


@pytest.mark.parametrize(
    ("before", "after", "times"), [(100, 9, "0.09"), (40, 121, "3.025"), (10, 1, "0.1"), (10, 31, "3.1")]
)
def test_ten_fold_fewer_or_three_fold_more_rows_are_refused_and_the_accepted_version_stays(
    border, before, after, times
):
    border.put(SERVICES_FILE, services(before))
    border.take("claims")
    border.put(SERVICES_FILE, services(after))
    result = border.take("claims")
    if times == "0.1":
        assert not result.refused, "a tenth is the bound itself"
        return
    said = result.refused[SERVICES_FILE]
    assert (
        f"rows_against_accepted is {times}, allowed is between 0.1 and 3 (a tenth of the rows is a cut export" in said
    )
    assert f"compared with the {before} rows of {SERVICES_FILE} accepted before" in said
    assert "a named person approves `rows_against_accepted` for it in company/overrides.csv" in said
    assert "stays in use" in said
    assert border.ask("select count(*) from {}", "claims/provider_service") == [(before,)]
    assert status(border, "provider_service.rows_against_accepted") == ("fail", f"{times} in {SERVICES_FILE}")


def test_the_first_night_compares_nothing_and_small_lists_may_double_and_halve(border):
    border.put(SERVICES_FILE, services(4))
    border.put(SERVICES_FILE.replace("D22", "D21"), services(400))
    assert not border.take("claims").refused
    border.put(SERVICES_FILE, services(9))
    assert not border.take("claims").refused


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("claims/MUP_PHY_R24_P05_V10_D22_Prov_Svc.csv", "claims/MUP_PHY_R25_P05_V10_D22_Prov_Svc.csv"),
        ("claims/MUP_PHY_R24_P05_V10_D22_Prov_Svc.csv", "claims/MUP_PHY_R25_P04_V20_D23_Prov_Svc.zip"),
        ("claims/MUP_PHY_RY21_P04_V10_Dy19_Prov_Svc.csv", "claims/MUP_PHY_R22_P04_V10_D20_Prov_Svc.csv"),
        ("claims/year=2021/services.csv", "claims/year=2022/services.csv.gz"),
        ("crm/salesforce/Account_2026-06-01.csv", "crm/salesforce/Account_2026-06-08.csv"),
        ("registry/npidata_pfile_20050523-20250608.csv", "registry/npidata_pfile_20050523-20250713.csv"),
    ],
)
def test_a_release_or_copy_follows_the_one_before(old, new):
    assert kind_of(old) == kind_of(new)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("claims/medical_claim_2024.csv", "claims/medical_claim_2025_01.csv"),
        ("claims/medical_claim.csv", "claims/medical_claim_202501.csv"),
        ("claims/payer_a/medical_claim_202501.csv", "claims/payer_b/medical_claim_202501.csv"),
        ("crm/salesforce/Task_1.csv", "crm/salesforce/Task_2.csv"),
        ("registry/npidata_pfile_20050523-20250608.csv", "registry/npidata_pfile_20250602-20250608.csv"),
    ],
)
def test_a_part_a_month_or_a_weekly_extract_is_not_compared_with_another_kind_of_file(one, other):
    assert kind_of(one) != kind_of(other)


def test_a_corrected_release_is_compared_with_its_year_and_a_new_year_with_the_year_before(border):
    border.put("claims/MUP_PHY_R23_P05_V10_D21_Prov_Svc.csv", services(400))
    border.put("claims/MUP_PHY_R24_P05_V10_D22_Prov_Svc.csv", services(100))
    border.take("claims")
    restated, new = "claims/MUP_PHY_R25_P05_V10_D22_Prov_Svc.csv", "claims/MUP_PHY_R25_P05_V10_D23_Prov_Svc.csv"
    border.put(restated, services(350))
    border.put(new, services(9))
    result = border.take("claims")
    assert "3.5" in result.refused[restated]
    assert "0.09" in result.refused[new]
    assert "100 rows of claims/MUP_PHY_R24_P05_V10_D22" in result.refused[restated]


def test_a_refused_export_under_a_new_name_does_not_lose_the_one_that_it_replaced(border):
    accounts = [["Id", "Name"], *([f"001{i:012d}", f"Hospital {i}"] for i in range(100))]
    old, new = "crm/salesforce/Account_2026-06-01.csv", "crm/salesforce/Account_2026-06-08.csv"
    border.put(old, accounts)
    border.take("salesforce")
    (border.landing / old).unlink()
    border.put(new, accounts[:5])
    for _ in range(2):
        assert new in border.take("salesforce").refused
        assert border.ask("select count(*) from {}", "salesforce/account") == [(100,)]
    border.put(new, accounts[:91])
    assert not border.take("salesforce").refused
    assert border.ask("select count(*) from {}", "salesforce/account") == [(90,)]


def test_a_needed_column_that_runs_empty_is_refused_and_any_other_is_remarked(border):
    border.put(SERVICES_FILE, services(40))
    border.take("claims")
    rows = services(40)
    for row in rows[1:]:
        row[SERVICES.index("Tot_Srvcs")] = ""
    border.put(SERVICES_FILE, rows)
    assert "tot_srvcs.filled_against_accepted is 0" in border.take("claims").refused[SERVICES_FILE]
    contacts = [["Id", "AccountId", "LastName", "NPI__c", "Title"]]
    contacts += [[f"003{i:012d}", "001000000000001", "Doe", npi(i), "Surgeon"] for i in range(40)]
    border.put("crm/salesforce/Contact.csv", contacts)
    border.take("salesforce")
    border.put("crm/salesforce/Contact.csv", [row[:4] for row in contacts])
    assert not border.take("salesforce").refused
    assert status(border, "contact.title.filled_against_accepted", "salesforce")[0] == "warn"
    border.put("crm/salesforce/Contact.csv", [row[:3] for row in contacts])
    assert "npi__c.filled_against_accepted" in border.take("salesforce").refused["crm/salesforce/Contact.csv"]


def test_a_key_that_was_filled_down_is_refused(border):
    border.put(SERVICES_FILE, services(40))
    border.take("claims")
    rows = services(40)
    for i, row in enumerate(rows[1:]):
        row[0], row[SERVICES.index("HCPCS_Cd")] = npi(0), str(27000 + i)
    border.put(SERVICES_FILE, rows)
    assert "rndrng_npi.distinct_against_accepted" in border.take("claims").refused[SERVICES_FILE]


def test_a_verdict_about_drift_is_kept_when_a_newer_contract_reads_the_same_file_again(border, monkeypatch):
    name = SERVICES_FILE.replace("D22", "D21")
    border.put(name, services(30))
    border.put(SERVICES_FILE, services(400))
    border.take("claims")
    monkeypatch.setattr(border_module, "READER_VERSION", "another")
    result = border.take("claims")
    assert sorted(result.read) == sorted([name, SERVICES_FILE])
    assert not result.refused
