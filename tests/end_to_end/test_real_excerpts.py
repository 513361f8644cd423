"""Real public files as they are, a hand-written company and a minimal CRM: published, and equal to the raw files by our own count."""

import csv
import io
import shutil
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

COMPANY = {
    "company.yml": "name: Excerpt Medical\nown_manufacturers: [Ethicon]\ntimezone: America/New_York\n",
    "procedure_families.csv": "procedure_family,code_system,code,is_focus,revenue_per_procedure_usd\n"
    "office_visits,HCPCS,99213,true,40\noffice_visits,HCPCS,99214,true,40\nhospital_care,HCPCS,99232,false,\n"
    "heart_failure,GENERIC-NAME,SACUBITRIL/VALSARTAN,true,300\nheart_failure,GENERIC-NAME,entresto,true,300\n"
    "respiratory,MS-DRG,177,true,\nrespiratory,MS-DRG,193,true,\n",
    "manufacturers.csv": "manufacturer,open_payments_name,relation\nPhadia,Phadia US Inc.,competitor\n",
    "pipeline_stages.csv": "stage,stage_order,crm_stage_name,is_closed,is_won,stated_probability\n"
    "Open,1,Prospecting,false,false,0.1\nWon,2,Closed Won,true,true,1\nLost,3,Closed Lost,true,false,0\n",
    "territory_alignment.csv": "zip5,territory_id,kind,valid_from,valid_to\n20817,EAST,primary,2020-01-01,\n",
}
FILES = {
    "claims": (
        "partb_by_service/MUP_PHY_Prov_Svc_D23_tiny.csv",
        "partb_by_service/Medicare-Physician-and-Other-Supplier-PUF-CY2012_a.txt",
        "tuva_claims/medical_claim_sample.csv",
    ),
    "open_payments": (
        "open_payments/OP_DTL_GNRL_PGYR2024_P06302026_excerpt.csv",
        "open_payments/OP_GNRL_PGYR2022_CA_27col_renamed_excerpt.csv",
        "open_payments/OP_DTL_RSRCH_PGYR2015_IA.csv",
    ),
    # The excerpt does not tell its year, so a folder does.
    "claims/year=2022": ("part_d/partd_provider_drug_CA_excerpt.csv",),
    "claims/stays": ("inpatient_by_drg/MUP_INP_PrvSvc_D23_blankRUCA_4rows.csv",),
    "registry": (
        "nppes/nppes_sample_330col_a.csv",
        "nppes_dac_join/dac_subset_clean_sample.csv",
        "hospital_general/Hospital_General_Information_2021.csv",
        "hospital_general/Hospital_General_Information_2026.csv",
        "shared_patient/physician-shared-patient-patterns-2015-days30_head5.txt",
    ),
    "crm/salesforce": tuple(f"crm_salesforce_sfdcassets/{name}.csv" for name in ("Account", "Contact", "Opportunity")),
}

# Profiles of the research excerpt: two investigators, one who was paid directly.
PROFILES = {"211123": "1003000126", "35650": "1003000134", "304617": "1003000142"}
SUPPLEMENT = "Covered_Recipient_Profile_ID,Covered_Recipient_NPI,Covered_Recipient_Profile_First_Name\n" + "".join(
    f"{profile},{npi},A\n" for profile, npi in PROFILES.items()
)


def rows_of(path: Path, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=separator))


@pytest.fixture(scope="module")
def night(shared_data, fieldscope, tmp_path_factory):
    landing = tmp_path_factory.mktemp("excerpts") / "landing"
    for folder, files in {"company": (), **FILES}.items():
        (landing / folder).mkdir(parents=True)
        for file in files:
            shutil.copyfile(shared_data / file, landing / folder / Path(file).name)
    (landing / "open_payments" / "OP_CVRD_RCPNT_PRFL_SPLMTL_P06302026.csv").write_text(SUPPLEMENT)
    for name, text in COMPANY.items():
        (landing / "company" / name).write_text(text)
    return fieldscope(landing, landing.parent / "home", date(2026, 11, 1))


def test_real_files_are_published_without_an_error(night):
    assert night.code == 0, night.text


def test_a_reshaped_file_is_named_not_guessed(night):
    assert "OP_GNRL_PGYR2022_CA_27col_renamed_excerpt.csv" in night.text
    assert night.query("select count(*) from provider_payments where payment_year = 2022") == [(0,)]


def test_services_of_public_files_to_the_unit(night, shared_data):
    expected: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    focus = {"99213", "99214"}
    for row in rows_of(shared_data / FILES["claims"][0]):
        if row["HCPCS_Cd"] in focus and row["Rndrng_Prvdr_Ent_Cd"] == "I":
            expected[row["Rndrng_NPI"], 2023] += Decimal(row["Tot_Srvcs"])
    for row in rows_of(shared_data / FILES["claims"][1], "\t"):
        if row["hcpcs_code"] in focus and row["nppes_entity_code"] == "I":
            expected[row["npi"], 2012] += Decimal(row["line_srvc_cnt"])
    found = night.query("""
        select npi, year(period_start), sum(services) from provider_procedures
        where procedure_family = 'office_visits' and claims_source = 'cms_claims' and not is_estimated group by all
    """)
    assert expected
    assert {(npi, year): Decimal(str(services)) for npi, year, services in found} == expected


def test_prescriptions_to_the_claim_and_few_patients_unknown(night, shared_data):
    """A family of brand and generic name counts each prescription once; a blank number of patients is unknown."""
    rows = rows_of(shared_data / FILES["claims/year=2022"][0])
    expected = {
        row["Prscrbr_NPI"]: (Decimal(row["Tot_Clms"]), int(row["Tot_Benes"]) if row["Tot_Benes"] else None)
        for row in rows
    }
    assert len(expected) == len(rows)
    found = night.query("""
        select npi, services, patients, is_suppressed from provider_procedures
        where procedure_family = 'heart_failure' and year(period_start) = 2022
    """)
    assert {npi: Decimal(str(services)) for npi, services, _, _ in found} == {
        npi: claims for npi, (claims, _) in expected.items()
    }
    assert all(
        patients in (None, expected[npi][1]) and (patients is None) == hidden for npi, _, patients, hidden in found
    )
    assert all(patients is None for npi, _, patients, _ in found if expected[npi][1] is None)
    annual = dict(night.query("select npi, annual_volume from providers where annual_volume is not null"))
    assert all(Decimal(str(annual[npi])) >= claims for npi, (claims, _) in expected.items())


def test_stays_are_the_volume_of_a_hospital(night, shared_data):
    rows = [row for row in rows_of(shared_data / FILES["claims/stays"][0]) if row["DRG_Cd"].zfill(3) in ("177", "193")]
    expected = sum(int(row["Tot_Dschrgs"]) for row in rows)
    hospital = {row["Rndrng_Prvdr_CCN"].zfill(6) for row in rows}
    assert night.query("select facility_id, annual_volume from facilities where volume_basis = 'public_files'") == [
        (hospital.pop(), expected)
    ]


def test_research_pays_each_person_named_in_full_and_each_record_once(night, shared_data):
    """Rows of before 2021 tell a profile; who has no NPI in the supplement is no provider and is paid nothing."""
    rows = rows_of(shared_data / FILES["open_payments"][2])
    places = ["Physician_Profile_ID", *(f"Principal_Investigator_{place}_Profile_ID" for place in range(1, 6))]
    expected: dict[str, list] = {npi: [0, Decimal(0)] for npi in PROFILES.values()}
    for row in rows:
        for npi in {PROFILES[row[place]] for place in places if row[place] in PROFILES}:
            expected[npi][0] += 1
            expected[npi][1] += Decimal(row["Total_Amount_of_Payment_USDollars"])
    found = night.query("""
        select npi, sum(payments), sum(amount_usd) from provider_payments where nature = 'research' and payment_year = 2015
        group by npi
    """)
    assert {npi: [count, Decimal(str(round(usd, 2)))] for npi, count, usd in found} == expected
    paid = ", ".join(f"'{npi}'" for npi in PROFILES.values())
    assert night.query(
        f"select sum(own_payments_usd), sum(competitor_payments_usd) from providers where npi in ({paid})"
    ) == [(0, 0)]
    checked = "select rows_checked from data_quality where check_name = 'disputed_research_payments'"
    assert night.query(checked) == [(len(rows),)]


def test_payments_to_the_cent(night, shared_data):
    rows = [
        row
        for row in rows_of(shared_data / FILES["open_payments"][0])
        if row["Covered_Recipient_NPI"] and row["Dispute_Status_for_Publication"] != "Yes"
    ]
    dollars = sum(Decimal(row["Total_Amount_of_Payment_USDollars"]) for row in rows)
    found = night.query(
        "select sum(amount_usd), count(distinct npi), count(distinct nature) from provider_payments where payment_year = 2024"
    )[0]
    assert Decimal(str(round(found[0], 2))) == dollars
    assert found[1] == len({row["Covered_Recipient_NPI"] for row in rows})
    assert found[2] == len({row["Nature_of_Payment_or_Transfer_of_Value"] for row in rows})


def test_facilities_are_the_newest_hospitals_with_their_zeros(night, shared_data):
    newest = rows_of(shared_data / FILES["registry"][3])
    expected = {row["Facility ID"].zfill(6) for row in newest}
    found = {row[0] for row in night.query("select facility_id from facilities")}
    assert expected <= found
    assert sum(row["Facility ID"] != row["Facility ID"].zfill(6) for row in newest) == 830


def test_every_clinician_of_the_registry_is_a_provider(night, shared_data):
    clinicians = {row["NPI"] for row in rows_of(shared_data / FILES["registry"][1])}
    persons = {
        row["NPI"]
        for row in rows_of(shared_data / FILES["registry"][0])
        if row["Entity Type Code"].removesuffix(".0") == "1"
    }
    found = {row[0] for row in night.query("select npi from providers")}
    assert clinicians | persons <= found


FAMILY_OF = {"99213": "office_visits", "99214": "office_visits", "99232": "hospital_care"}


def test_services_of_each_provider_year_and_family_in_both_layouts(night, shared_data):
    layouts = (
        (FILES["claims"][0], ",", 2023, "Rndrng_NPI", "Rndrng_Prvdr_Ent_Cd", "HCPCS_Cd", "Tot_Srvcs"),
        (FILES["claims"][1], "\t", 2012, "npi", "nppes_entity_code", "hcpcs_code", "line_srvc_cnt"),
    )
    expected: dict[tuple, Decimal] = defaultdict(Decimal)
    for file, separator, year, npi, entity, code, services in layouts:
        for row in rows_of(shared_data / file, separator):
            if row[code] in FAMILY_OF and row[entity] == "I":
                expected[row[npi], FAMILY_OF[row[code]], year] += Decimal(row[services])
    found = night.query("""
        select npi, procedure_family, year(period_start), services from provider_procedures
        where period_grain = 'year' and procedure_family in ('office_visits', 'hospital_care')
    """)
    assert len(expected) > 500
    assert {(npi, family, year): Decimal(str(services)) for npi, family, year, services in found} == expected


def test_patients_of_published_years_are_the_sum_over_codes_and_places(night, shared_data):
    """CMS withholds what is small itself, so every published year is shown; of the claim lines nobody has two persons in a month."""
    layouts = (
        (FILES["claims"][0], ",", 2023, "Rndrng_NPI", "Rndrng_Prvdr_Ent_Cd", "HCPCS_Cd", "Tot_Benes"),
        (FILES["claims"][1], "\t", 2012, "npi", "nppes_entity_code", "hcpcs_code", "bene_unique_cnt"),
    )
    expected: dict[tuple, int] = defaultdict(int)
    for file, separator, year, npi, entity, code, patients in layouts:
        for row in rows_of(shared_data / file, separator):
            if row[code] in FAMILY_OF and row[entity] == "I":
                expected[row[npi], FAMILY_OF[row[code]], year] += int(row[patients])
    for row in rows_of(shared_data / FILES["claims/year=2022"][0]):
        if row["Tot_Benes"]:
            expected[row["Prscrbr_NPI"], "heart_failure", 2022] += int(row["Tot_Benes"])
    found = night.query("""
        select npi, procedure_family, year(period_start), patients from provider_procedures
        where patients is not null
    """)
    assert len(expected) > 500
    assert min(expected.values()) >= 11
    assert {(npi, family, year): patients for npi, family, year, patients in found} == expected


def test_claim_lines_of_each_provider_month_and_family_to_the_unit(night, shared_data):
    """A line without a day of its own has that of its claim, one without a quantity is one service, none is void and assistants are apart."""
    expected: dict[tuple, Decimal] = defaultdict(Decimal)
    for line in rows_of(shared_data / FILES["claims"][2]):
        row = {name.lower(): value for name, value in line.items()}
        quantity = Decimal(row["service_unit_quantity"] or 1)
        is_void = quantity <= 0 or Decimal(row["paid_amount"] or 0) < 0
        is_assistant = row["hcpcs_modifier_1"] in ("80", "81", "82", "AS")
        if row["hcpcs_code"] in FAMILY_OF and row["claim_type"] == "professional" and not is_void and not is_assistant:
            month = (row["claim_line_start_date"] or row["claim_start_date"])[:7] + "-01"
            expected[row["rendering_npi"], FAMILY_OF[row["hcpcs_code"]], date.fromisoformat(month)] += quantity
    found = night.query("""
        select npi, procedure_family, period_start, services from provider_procedures
        where claims_source = 'claim_lines' and services > 0
    """)
    assert len(expected) > 200
    assert {(npi, family, month): Decimal(str(services)) for npi, family, month, services in found} == expected


def test_a_facility_is_named_and_placed_as_its_register_says(night, shared_data):
    newest = rows_of(shared_data / FILES["registry"][3])
    found = {row[0]: row[1:] for row in night.query("select facility_id, name, city, state, zip5 from facilities")}
    told = {
        row["Facility ID"].zfill(6): (
            row["Facility Name"],
            row["City/Town"],
            row["State"],
            row["ZIP Code"].zfill(5)[:5],
        )
        for row in newest
    }
    assert {key: tuple(value.upper() for value in found[key]) for key in told} == {
        key: tuple(value.upper() for value in values) for key, values in told.items()
    }


def test_a_person_is_placed_as_nppes_says(night, shared_data):
    """ZIPs that a spreadsheet turned into numbers have their zeros again."""
    expected = {}
    for row in rows_of(shared_data / FILES["registry"][0]):
        digits = row["Provider Business Practice Location Address Postal Code"].removesuffix(".0")
        if (
            row["Entity Type Code"].startswith("1")
            and row["Provider Business Practice Location Address Country Code (If outside U.S.)"] == "US"
        ):
            zip5 = (digits.zfill(9) if len(digits) > 5 else digits.zfill(5))[:5]
            expected[row["NPI"]] = (row["Provider Business Practice Location Address State Name"], zip5)
    found = {row[0]: row[1:] for row in night.query("select npi, state, zip5 from providers")}
    assert len(expected) > 300
    assert {npi: found.get(npi) for npi in expected} == expected


def test_opportunities_of_a_real_org_to_the_row_and_the_cent(night, shared_data):
    stages = {"Prospecting": "Open", "Closed Won": "Won", "Closed Lost": "Lost"}
    rows = rows_of(shared_data / FILES["crm/salesforce"][2])
    expected = {
        row["Id"]: (Decimal(row["Amount"]) if row["Amount"] else None, date.fromisoformat(row["CloseDate"][:10]), row["IsWon"] in ("1", "true"))
        for row in rows
    }  # fmt: skip
    found = night.query("select opportunity_id, amount_usd, close_on, is_won, stage, account_id from opportunities")
    assert len(expected) == len(rows) > 50
    assert {key: (usd if usd is None else Decimal(str(usd)), day, won) for key, usd, day, won, *_ in found} == expected
    assert {key: stage for key, *_, stage, _ in found} == {
        row["Id"]: stages.get(row["StageName"], row["StageName"]) for row in rows
    }
    assert {key: account for key, *_, account in found} == {row["Id"]: row["AccountId"] or None for row in rows}
