"""Real public files as they are, a hand-written company and a minimal CRM: published, and equal to the raw files by our own count."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from tests import reshaped_excerpts
from tests.end_to_end.excerpts_landing import FILES, PROFILES, write_landing
from tests.end_to_end.recounted import KINDS
from tests.reshaped_excerpts import rows_of


@pytest.fixture(scope="module")
def night(shared_data, fieldscope, tmp_path_factory):
    landing = tmp_path_factory.mktemp("excerpts") / "landing"
    write_landing(shared_data, landing)
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


def test_opportunities_of_three_real_orgs_to_the_row_and_the_cent(night, shared_data):
    """Two exports of Salesforce, one of them Fivetran's in which all are deleted, and a pipeline in HubSpot's layout."""
    stages = {"Prospecting": "Open", "Closed Won": "Won", "Closed Lost": "Lost", "Engaging": "Engaged"}
    rows = rows_of(shared_data / FILES["crm/salesforce"][2])
    expected = {
        row["Id"]: (
            row["Amount"],
            row["CloseDate"][:10],
            row["IsWon"] in ("1", "true"),
            row["StageName"],
            row["AccountId"],
        )
        for row in rows
    }
    for row in rows_of(shared_data / "crm_salesforce_fivetran" / "sf_opportunity_data.csv"):
        assert row["is_deleted"] == "true"
    for row in rows_of(shared_data / "crm_maven" / "sales_pipeline.csv"):
        stage = reshaped_excerpts.DEAL_STAGES.get(row["deal_stage"], row["deal_stage"])
        expected[row["opportunity_id"]] = (
            row["close_value"],
            row["close_date"],
            row["deal_stage"] == "Won",
            stage,
            row["account"],
        )
    found = night.query("select opportunity_id, amount_usd, close_on, is_won, stage, account_id from opportunities")
    assert len(expected) == len(rows) + 6509
    assert {key: rest for key, *rest in found} == {
        key: [
            float(usd) if usd else None,
            date.fromisoformat(day) if day else None,
            won,
            stages.get(stage, stage),
            account or None,
        ]
        for key, (usd, day, won, stage, account) in expected.items()
    }
    assert sum(Decimal(str(row[1])) for row in found if row[1]) == sum(
        Decimal(usd) for usd, *_ in expected.values() if usd
    )


def test_interactions_of_a_real_org_to_the_row(night, shared_data):
    """Of a task or event of another kind nobody knows that it was an interaction; the account is that of the contact, if it is known."""
    folder = shared_data / "crm_salesforce_fivetran"
    account_of = {row["id"]: row["account_id"] for row in rows_of(folder / "sf_contact_data.csv")}
    expected = {
        row["id"]: (
            KINDS[row["type"]],
            row["owner_id"],
            date.fromisoformat(row["activity_date"][:10]),
            account_of.get(row["who_id"]) or None,
        )
        for name in ("event", "task")
        for row in rows_of(folder / f"sf_{name}_data.csv")
        if row["is_deleted"].lower() == "false" and row["type"] in KINDS
    }
    found = night.query("select call_id, kind, rep_id, called_on, account_id from calls")
    assert len(expected) >= 5
    assert {key: tuple(rest) for key, *rest in found} == expected


def test_claims_of_invented_physicians_are_set_apart_to_the_row(night, shared_data):
    """SynPUF and RIF bear numbers that are no NPIs; a named person let the file in, and each such row is counted."""
    lines = reshaped_excerpts.claim_lines(shared_data)
    refused = sum(not reshaped_excerpts.may_be_an_npi(line["rendering_npi"]) for line in lines)
    found = night.query("select rule, rows from quarantined_rows where file like '%medical_claim_medicare.csv'")
    assert dict(found)["npi_check_digit"] == refused > 5000
