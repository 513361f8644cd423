"""Real public excerpts go through as they are, and their totals equal those of Python's csv module."""

import csv
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests import reshaped_excerpts
from tests.ingest.test_contracts import APPROVALS


def read(path: Path, separator: str = ",") -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


@pytest.fixture
def excerpts(border, shared_data):
    def bring(source: str, folder: str) -> Path:
        target = border.landing / folder
        shutil.copytree(shared_data / source, target, dirs_exist_ok=True)
        return target

    border.bring = bring
    return border


def total(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows if row[column]), Decimal(0))


def test_provider_and_service(excerpts):
    folder = excerpts.bring("partb_by_service", "claims")
    result = excerpts.take("claims")
    assert not {**result.refused, **result.unrecognised, **result.quarantined}
    old = read(folder / "Medicare-Physician-and-Other-Supplier-PUF-CY2012_a.txt", "\t")
    new = read(folder / "MUP_PHY_Prov_Svc_D23_tiny.csv") + read(folder / "MUP_PHY_Prov_Svc_D23_fulldesc_10rows.csv")
    found = excerpts.ask(
        "select _period, count(*), sum(tot_srvcs), sum(tot_benes), count(distinct rndrng_npi) from {} group by 1 order by 1",
        "claims/provider_service",
    )
    assert found == [
        (2012, len(old), total(old, "line_srvc_cnt"), total(old, "bene_unique_cnt"), len({row["npi"] for row in old})),
        (2023, len(new), total(new, "Tot_Srvcs"), total(new, "Tot_Benes"), len({row["Rndrng_NPI"] for row in new})),
    ]


def test_claim_lines(excerpts):
    rows = read(excerpts.bring("tuva_claims", "claims") / "medical_claim_sample.csv")
    result = excerpts.take("claims")
    assert not {**result.refused, **result.quarantined}
    assert set(result.unrecognised) == {"claims/eligibility.csv", "claims/pharmacy_claim.csv"}
    found = excerpts.ask(
        "select count(*), sum(paid_amount), sum(service_unit_quantity), count(distinct person_key), count(diagnosis_code_10),"
        " min(claim_start_date)::varchar, count(file_date) from {}",
        "claims/medical_claim",
    )
    assert found == [
        (
            len(rows),
            total(rows, "PAID_AMOUNT"),
            total(rows, "SERVICE_UNIT_QUANTITY"),
            len({row["PATIENT_ID"] for row in rows}),
            sum(bool(row["DIAGNOSIS_CODE_10"]) for row in rows),
            min(row["CLAIM_START_DATE"] for row in rows),
            0,
        )
    ]


def test_open_payments(excerpts):
    folder = excerpts.bring("open_payments", "open_payments")
    rows = read(folder / "OP_DTL_GNRL_PGYR2024_P06302026_excerpt.csv")
    result = excerpts.take("open_payments")
    assert not {**result.refused, **result.quarantined}
    assert "open_payments/OP_GNRL_PGYR2022_CA_27col_renamed_excerpt.csv" in result.unrecognised
    assert all("nearest layout" in message for message in result.unrecognised.values())
    found = excerpts.ask(
        "select count(*), sum(total_amount_of_payment_usdollars), count(covered_recipient_npi), count(teaching_hospital_ccn),"
        " min(_release), min(_released_on)::varchar, list(distinct _period) from {}",
        "open_payments/general",
    )
    assert found == [
        (
            len(rows),
            total(rows, "Total_Amount_of_Payment_USDollars"),
            sum(bool(row["Covered_Recipient_NPI"]) for row in rows),
            sum(bool(row["Teaching_Hospital_CCN"]) for row in rows),
            "20260630",
            "2026-06-30",
            [2024],
        )
    ]
    zips = dict(excerpts.ask("select record_id, recipient_zip_code from {}", "open_payments/general"))
    assert all(zips[row["Record_ID"]] == row["Recipient_Zip_Code"][:5] for row in rows)


def test_registry(excerpts):
    for source in ("nppes", "nppes_dac_join", "doctors_clinicians", "hospital_general", "shared_patient"):
        folder = excerpts.bring(source, "registry")
    result = excerpts.take("registry")
    assert not {**result.refused, **result.quarantined}
    assert set(result.unrecognised) == {"registry/DAC_NationalDownloadableFile_2026_excerpt.csv"}
    nppes = read(folder / "nppes_sample_330col_a.csv")
    zips = {
        row["NPI"]: digits.zfill(9 if len(digits) > 5 else 5)[:5]
        for row in nppes
        if (digits := row["Provider Business Practice Location Address Postal Code"].removesuffix(".0"))
    }
    assert (
        dict(excerpts.ask("select npi, practice_zip5 from {} where practice_zip5 is not null", "registry/nppes"))
        == zips
    )
    taxonomies = {row["NPI"]: primary_taxonomy(row) for row in nppes}
    assert dict(excerpts.ask("select npi, taxonomy_code from {}", "registry/nppes")) == taxonomies
    closed = sum(bool(row["NPI Deactivation Date"]) for row in nppes)
    assert excerpts.ask("select count(*), count(deactivation_date) from {}", "registry/nppes") == [(600, closed)]
    for year in (2021, 2026):
        name = f"Hospital_General_Information_{year}.csv"
        wanted = {row["Facility ID"].zfill(6): row["ZIP Code"].zfill(5) for row in read(folder / name)}
        found = excerpts.ask(
            f"select facility_id, zip5 from {{}} where _file like '%{name}'", "registry/hospital_general"
        )
        assert dict(found) == wanted
    clinicians = read(folder / "dac_subset_clean_sample.csv")
    assert excerpts.ask("select count(*), count(distinct npi) from {}", "registry/doctors_clinicians") == [
        (len(clinicians), len({row["NPI"] for row in clinicians}))
    ]
    assert excerpts.ask(
        "select sum(shared_transactions), sum(patients), sum(same_day) from {}", "registry/shared_patients"
    ) == [(339, 121, 93)]


def primary_taxonomy(row: dict[str, str]) -> str | None:
    slots = [
        (row[f"Healthcare Provider Taxonomy Code_{i}"], row[f"Healthcare Provider Primary Taxonomy Switch_{i}"])
        for i in range(1, 16)
    ]
    primary = [code for code, switch in slots if switch == "Y" and code]
    return next(iter(primary + [code for code, _ in slots if code]), None)


def test_part_d(excerpts):
    rows = read(excerpts.bring("part_d", "claims/year=2022") / "partd_provider_drug_CA_excerpt.csv")
    result = excerpts.take("claims")
    assert not {**result.refused, **result.unrecognised, **result.quarantined}
    found = excerpts.ask(
        "select _period, prscrbr_npi, brnd_name, gnrc_name, tot_clms, tot_30day_fills, tot_drug_cst, tot_benes from {}",
        "claims/part_d",
    )
    expected = [
        (
            2022,
            row["Prscrbr_NPI"],
            row["Brnd_Name"],
            row["Gnrc_Name"],
            int(row["Tot_Clms"]),
            Decimal(row["Tot_30day_Fills"]),
            Decimal(row["Tot_Drug_Cst"]),
            int(row["Tot_Benes"]) if row["Tot_Benes"].isdigit() else None,
        )
        for row in rows
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    assert sum(row["Tot_Benes"] == "" for row in rows) == excerpts.ask(
        "select count(*) from {} where tot_benes is null", "claims/part_d"
    )[0][0]  # fmt: skip


def test_inpatient_stays(excerpts):
    folder = excerpts.bring("inpatient_by_drg", "claims/year=2022")
    result = excerpts.take("claims")
    assert not {**result.refused, **result.unrecognised, **result.quarantined}
    found = excerpts.ask(
        "select _period, rndrng_prvdr_ccn, rndrng_prvdr_zip5, drg_cd, tot_dschrgs, avg_mdcr_pymt_amt from {}",
        "claims/inpatient",
    )
    expected = [
        (
            2023 if "_D23_" in path.name else 2022,
            row["Rndrng_Prvdr_CCN"].zfill(6),
            row["Rndrng_Prvdr_Zip5"].zfill(5),
            row["DRG_Cd"].zfill(3),
            int(row["Tot_Dschrgs"]),
            Decimal(row["Avg_Mdcr_Pymt_Amt"].replace("$", "").replace(",", "")),
        )
        for path in sorted(folder.glob("*.csv"))
        for row in read(path)
    ]
    assert sorted(found) == sorted(expected)
    assert len(found) == 9


def test_research_payments(excerpts):
    folder = excerpts.bring("open_payments", "open_payments")
    assert not {**(result := excerpts.take("open_payments")).refused, **result.quarantined}
    for year in (2013, 2015):
        rows = read(folder / f"OP_DTL_RSRCH_PGYR{year}_IA.csv")
        people = [[row[f"Principal_Investigator_{place}_Profile_ID"] for place in range(1, 6)] for row in rows]
        named = ", ".join(f"count(principal_investigator_{place}_profile_id)" for place in range(1, 6))
        found = excerpts.ask(
            "select count(*), count(distinct record_id), sum(total_amount_of_payment_usdollars), count(covered_recipient_profile_id),"
            f" count(teaching_hospital_ccn), count(noncovered_recipient_entity_name), {named}, min(date_of_payment)::varchar"
            f" from {{}} where _period = {year}",
            "open_payments/research",
        )
        assert found == [
            (
                len(rows),
                len({row["Record_ID"] for row in rows}),
                total(rows, "Total_Amount_of_Payment_USDollars"),
                sum(bool(row["Physician_Profile_ID"]) for row in rows),
                sum(bool(row["Teaching_Hospital_CCN"]) for row in rows),
                sum(bool(row["Noncovered_Recipient_Entity_Name"]) for row in rows),
                *(sum(bool(names[place]) for names in people) for place in range(5)),
                min("-".join(row["Date_of_Payment"].split("/")[i] for i in (2, 0, 1)) for row in rows),
            )
        ]


def test_salesforce(excerpts):
    folder = excerpts.bring("crm_salesforce_sfdcassets", "crm/salesforce")
    result = excerpts.take("salesforce")
    assert not {**result.refused, **result.unrecognised, **result.quarantined}
    deals = read(folder / "Opportunity.csv")
    found = excerpts.ask(
        "select count(*), sum(amount), count(*) filter (where iswon), count(procedure_family__c) from {}",
        "salesforce/opportunity",
    )
    assert found == [(len(deals), total(deals, "Amount"), sum(row["IsWon"] == "1" for row in deals), 0)]
    contacts = {
        row["Id"]: (row["LastName"], row["CreatedDate"][:19].replace("T", " ")) for row in read(folder / "Contact.csv")
    }
    stored = excerpts.ask("select id, lastname, createddate::varchar from {}", "salesforce/contact")
    assert {key: (name, time[:19]) for key, name, time in stored} == contacts
    assert excerpts.ask("select count(*) from {}", "salesforce/account") == [(len(read(folder / "Account.csv")),)]


def test_medicare_claims_with_invented_physicians(excerpts, shared_data):
    """SynPUF and RIF reshaped into lines: refused as they are, and to the row and the cent where a named person lets them in."""
    lines = reshaped_excerpts.claim_lines(shared_data)
    name = "claims/medical_claim_medicare.csv"
    reshaped_excerpts.write_claims(shared_data, excerpts.landing / name)
    assert "npi_check_digit, first in line 2, column rendering_npi" in str(excerpts.take("claims").refused[name])
    rules = ("quarantined_share", "rendering_npi.valid_share")
    excerpts.put(
        "company/overrides.csv", [APPROVALS, *([name, "", rule, "A. Test", "2026-06-01", "test"] for rule in rules)]
    )
    assert not excerpts.take("claims").refused
    real = [line for line in lines if reshaped_excerpts.may_be_an_npi(line["rendering_npi"])]
    sound = [line for line in real if line["claim_start_date"]]
    by_drg: dict[str | None, list] = {}
    for line in sound:
        total = by_drg.setdefault(line.get("ms_drg_code"), [0, Decimal(0)])
        total[0] += 1
        total[1] += Decimal(line["paid_amount"])
    found = excerpts.ask("select ms_drg_code, count(*), sum(paid_amount) from {} group by 1", "claims/medical_claim")
    assert {drg: [count, paid] for drg, count, paid in found} == by_drg
    assert excerpts.ask(
        "select count(distinct person_key), count(distinct claim_id), count(diagnosis_code_10), min(claim_start_date)::varchar from {}",
        "claims/medical_claim",
    ) == [
        (
            len({line["person_id"] for line in sound}),
            len({line["claim_id"] for line in sound}),
            sum(bool(line["diagnosis_code_10"]) for line in sound),
            min(line["claim_start_date"] for line in sound),
        )
    ]
    aside = Counter(rule for _, _, rule, _ in excerpts.quarantined("claims/medical_claim"))
    assert aside == {"npi_check_digit": len(lines) - len(real), "missing_key": len(real) - len(sound)}
    assert min(aside.values()) > 0


def test_other_exports_of_crms(excerpts, shared_data):
    """Fivetran's copies of Salesforce's objects and Maven's pipeline as HubSpot's deals, to the row and the cent."""
    reshaped_excerpts.write_salesforce(shared_data, excerpts.landing / "crm" / "salesforce")
    reshaped_excerpts.write_hubspot(shared_data, excerpts.landing / "crm" / "hubspot")
    for source in ("salesforce", "hubspot"):
        result = excerpts.take(source)
        assert not {**result.refused, **result.unrecognised, **result.quarantined}
    for name, file in reshaped_excerpts.FIVETRAN.items():
        rows = read(shared_data / "crm_salesforce_fivetran" / file)
        assert dict(excerpts.ask("select id, count(*) from {} group by 1", f"salesforce/{name}")) == Counter(
            row["id"] for row in rows
        )
    deals = read(shared_data / "crm_maven" / "sales_pipeline.csv")
    found = excerpts.ask("select count(*), sum(amount), count(close_date) from {}", "hubspot/deals")
    assert found == [(len(deals), total(deals, "close_value"), sum(bool(row["close_date"]) for row in deals))]
