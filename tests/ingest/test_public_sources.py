"""Inpatient stays, Part D, research, ownership, publications and the field's answers: each layout on literal rows."""

from datetime import date
from decimal import Decimal

import pytest

from tests.ingest.conftest import npi
from tests.ingest.test_company import FILES as COMPANY_FILES

GOOD, OTHER, WRONG = npi(11), npi(12), npi(13)[:9] + str((int(npi(13)[9]) + 1) % 10)
INPATIENT = "Rndrng_Prvdr_CCN,Rndrng_Prvdr_Org_Name,Rndrng_Prvdr_Zip5,DRG_Cd,DRG_Desc,Tot_Dschrgs,Avg_Submtd_Cvrd_Chrg,Avg_Tot_Pymt_Amt,Avg_Mdcr_Pymt_Amt"
INPATIENT_FILE = "claims/MUP_INP_RY24_P03_V10_DY22_PrvSvc.CSV"
OLD_INPATIENT = (
    "DRG Definition,Provider Id,Provider Name,Provider Street Address,Provider City,Provider State,Provider Zip Code,"
    "Hospital Referral Region (HRR) Description, Total Discharges , Average Covered Charges , Average Total Payments ,"
    "Average Medicare Payments"
)
PART_D = "Prscrbr_NPI,Prscrbr_Last_Org_Name,Brnd_Name,Gnrc_Name,Tot_Clms,Tot_30day_Fills,Tot_Day_Suply,Tot_Drug_Cst,Tot_Benes,GE65_Sprsn_Flag"
PART_D_FILE = "claims/MUP_DPR_RY24_P04_V10_DY22_NPIBN.csv"
MAKER = "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment"
_STUDY = f"{MAKER}_ID,{MAKER}_Name,Total_Amount_of_Payment_USDollars,Date_of_Payment,Name_of_Study,Record_ID,Dispute_Status_for_Publication,Program_Year,Payment_Publication_Date"
RESEARCH = (
    "Change_Type,Covered_Recipient_Type,Noncovered_Recipient_Entity_Name,Teaching_Hospital_CCN,Covered_Recipient_Profile_ID,"
    "Covered_Recipient_NPI,Principal_Investigator_1_Profile_ID,Principal_Investigator_1_NPI,Principal_Investigator_2_Profile_ID,"
    f"Principal_Investigator_2_NPI,Principal_Investigator_2_Specialty_1,{_STUDY}"
)
OLD_RESEARCH = (
    "Change_Type,Covered_Recipient_Type,Teaching_Hospital_CCN,Physician_Profile_ID,Principal_Investigator_1_Profile_ID,"
    f"Principal_Investigator_1_Specialty,{_STUDY}"
)
OWNERSHIP = (
    "Change_Type,Physician_Profile_ID,Physician_NPI,Record_ID,Program_Year,Total_Amount_Invested_USDollars,Value_of_Interest,"
    f"Terms_of_Interest,{MAKER}_Name,Dispute_Status_for_Publication,Payment_Publication_Date"
)


def lines(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


def with_good(header: str, good: str, *bad: str) -> str:
    """Enough good rows, told apart by `{n}`, for the bad ones to be borne."""
    return lines(header, *(good.replace("{n}", str(n)) for n in range(100, 160)), *bad)


def test_inpatient_stays_in_the_current_layout_with_lost_zeros_and_hidden_cells(border):
    border.put(
        INPATIENT_FILE,
        lines(
            INPATIENT,
            "10001,St. Luke\u2019s,2134,65,STROKE,12,1000.5,900.25,800.125",
            '330046,General,13165,470,JOINT,718,"$37,587.13","$16,910.27","$15,579.87"',
            "330046,General,13165,521,HIP,*,,#,",
        ).encode("cp1252"),
    )
    result = border.take("claims")
    assert not {**result.refused, **result.quarantined}
    columns = (
        "rndrng_prvdr_ccn, rndrng_prvdr_org_name, rndrng_prvdr_zip5, drg_cd, tot_dschrgs, avg_mdcr_pymt_amt, _period"
    )
    assert border.ask(f"select {columns} from {{}} order by _row", "claims/inpatient") == [
        ("010001", "St. Luke\u2019s", "02134", "065", 12, Decimal("800.12500000"), 2022),
        ("330046", "General", "13165", "470", 718, Decimal("15579.87000000"), 2022),
        ("330046", "General", "13165", "521", None, None, 2022),
    ]


def test_inpatient_stays_of_2011_to_2017_tell_the_group_within_its_description(border):
    border.put(
        "claims/Medicare_Provider_Charge_Inpatient_DRGALL_FY2017.csv",
        lines(
            OLD_INPATIENT,
            '470 - MAJOR JOINT,10001,General,1 Main St,Dothan,AL,36301,AL - Dothan,91,"$32,963.07","$5,777.24","$4,763.73"',
            '065 - STROKE,10001,General,1 Main St,Dothan,AL,36301,AL - Dothan,14,"$15,131.85","$5,787.57","$4,976.71"',
        ),
    )
    assert not (result := border.take("claims")).refused, result.refused
    assert border.ask(
        "select rndrng_prvdr_ccn, drg_cd, tot_dschrgs, avg_mdcr_pymt_amt, _period from {} order by _row",
        "claims/inpatient",
    ) == [("010001", "470", 91, Decimal("4763.73"), 2017), ("010001", "065", 14, Decimal("4976.71"), 2017)]


def test_inpatient_stays_in_another_order_of_columns_and_as_databases_copy_the_old_names(border):
    """Both hold the same stay, which is read by name."""
    border.put(
        "claims/MUP_INP_RY25_P03_V10_DY23_PrvSvc.csv",
        lines(
            "Rndrng_Prvdr_CCN,Rndrng_Prvdr_Org_Name,Rndrng_Prvdr_St,Rndrng_Prvdr_City,Rndrng_Prvdr_State_Abrvtn,Rndrng_Prvdr_State_FIPS,"
            "Rndrng_Prvdr_Zip5,Rndrng_Prvdr_RUCA,Rndrng_Prvdr_RUCA_Desc,DRG_Cd,DRG_Desc,Tot_Dschrgs,Avg_Submtd_Cvrd_Chrg,Avg_Tot_Pymt_Amt,"
            "Avg_Mdcr_Pymt_Amt",
            "10001,General,1 Main St,Dothan,AL,1,36301,,,3,ECMO,14,663764.35714,120219.9,115544.1",
        ),
    )
    border.put(
        "claims/year=2015/inpatient_charges.csv",
        lines(
            "provider_id,provider_name,provider_street_address,provider_city,provider_state,provider_zipcode,drg_definition,"
            "hospital_referral_region_description,total_discharges,average_covered_charges,average_total_payments,average_medicare_payments",
            "10001,General,1 Main St,Dothan,AL,36301,003 - ECMO,AL - Dothan,14,663764.35714,120219.9,115544.1",
        ),
    )
    result = border.take("claims")
    assert not {**result.refused, **result.unrecognised, **result.quarantined}
    assert all("lost leading zeros" in warning for warning in result.warnings)
    assert border.ask(
        "select _period, rndrng_prvdr_ccn, rndrng_prvdr_st, rndrng_prvdr_city, rndrng_prvdr_zip5, drg_cd, tot_dschrgs,"
        " avg_submtd_cvrd_chrg, avg_mdcr_pymt_amt from {} order by 1",
        "claims/inpatient",
    ) == [
        (year, "010001", "1 Main St", "Dothan", "36301", "003", 14, Decimal("663764.35714"), Decimal("115544.1"))
        for year in (2015, 2023)
    ]


def test_part_d_keeps_what_is_hidden_unknown(border):
    border.put(
        PART_D_FILE,
        lines(
            PART_D,
            f'{GOOD},Narayan,Entresto,Sacubitril/Valsartan,90,188.5,5631,"$84,369.18",29,',
            f"{GOOD},Narayan,Eliquis,Apixaban,11,11,330,109897,,*",
            f"{OTHER},Gupta,Eliquis,Apixaban,12,12,*,5.5,#,#",
        ),
    )
    result = border.take("claims")
    assert not {**result.refused, **result.quarantined}
    assert border.ask(
        "select tot_clms, tot_day_suply, tot_drug_cst, tot_benes from {} order by _row", "claims/part_d"
    ) == [
        (90, 5631, Decimal("84369.180"), 29),
        (11, 330, Decimal("109897.000"), None),
        (12, None, Decimal("5.500"), None),
    ]


def test_part_d_of_before_the_renaming(border):
    border.put(
        "claims/PartD_Prescriber_PUF_NPI_Drug_CY2014.csv",
        lines(
            "npi,nppes_provider_last_org_name,drug_name,generic_name,bene_count,total_claim_count,total_day_supply,total_drug_cost,total_30_day_fill_count",
            f"{GOOD},NARAYAN,ELIQUIS,APIXABAN,,15,450,5123.45,15.5",
        ),
    )
    assert not (result := border.take("claims")).refused, result.refused
    assert border.ask(
        "select prscrbr_npi, gnrc_name, tot_clms, tot_30day_fills, tot_benes, _period from {}", "claims/part_d"
    ) == [(GOOD, "APIXABAN", 15, Decimal("15.500"), None, 2014)]


def test_research_names_several_people_in_the_current_layout_and_profiles_alone_in_the_old_one(border):
    border.put(
        "open_payments/OP_DTL_RSRCH_PGYR2023_P06302024.csv",
        lines(
            RESEARCH,
            f"NEW,Covered Recipient Teaching Hospital,,70002,,,901,{GOOD},902,,Orthopedics,1000,Maker Inc.,1200.50,06/15/2023,Stem,1,No,2023,06/30/2024",
            f"DELETED,Covered Recipient Physician,,,903,{OTHER},903,{OTHER},,,,1000,Maker Inc.,10,06/15/2023,Stem,2,Yes,2023,06/30/2024",
            "NEW,Non-covered Recipient Entity,Harbor Research,,,,904,,,,,1000,Maker Inc.,99.99,06/15/2023,Stem,3,No,2023,06/30/2024",
        ),
    )
    border.put(
        "open_payments/OP_DTL_RSRCH_PGYR2015_P06302016.csv",
        lines(
            OLD_RESEARCH,
            "NEW,Covered Recipient Physician,,903,901,Orthopedics,1000,Maker Inc.,7,06/15/2015,Stem,4,No,2015,06/30/2016",
        ),
    )
    result = border.take("open_payments")
    assert not {**result.refused, **result.quarantined}
    columns = (
        "record_id, teaching_hospital_ccn, covered_recipient_npi, principal_investigator_1_profile_id, principal_investigator_1_npi,"
        " principal_investigator_2_profile_id, principal_investigator_2_npi, total_amount_of_payment_usdollars, _period"
    )
    assert border.ask(f"select {columns} from {{}} order by record_id", "open_payments/research") == [
        ("1", "070002", None, "901", GOOD, "902", None, Decimal("1200.50"), 2023),
        ("2", None, OTHER, "903", OTHER, None, None, Decimal("10.00"), 2023),
        ("3", None, None, "904", None, None, None, Decimal("99.99"), 2023),
        ("4", None, None, "901", None, None, None, Decimal("7.00"), 2015),
    ]


def test_ownership_with_and_without_npis(border):
    new = f"NEW,901,{GOOD},1,2023,5000,7500.25,Stock,Maker Inc.,No,06/30/2024"
    border.put("open_payments/OP_DTL_OWNRSHP_PGYR2023_P06302024.csv", lines(OWNERSHIP, new))
    old = "NEW,901,2,2019,100.10,,Stock,Maker Inc.,No,06/30/2020"
    border.put(
        "open_payments/OP_DTL_OWNRSHP_PGYR2019_P06302020.csv", lines(OWNERSHIP.replace("Physician_NPI,", ""), old)
    )
    result = border.take("open_payments")
    assert not {**result.refused, **result.quarantined}
    assert border.ask(
        "select record_id, physician_npi, total_amount_invested_usdollars, value_of_interest from {} order by 1",
        "open_payments/ownership",
    ) == [("1", GOOD, Decimal("5000.00"), Decimal("7500.25")), ("2", None, Decimal("100.10"), None)]


INPATIENT_ROW = "{n}001,General,02134,470,JOINT,20,1,1,1"
PART_D_ROW = f"{GOOD},Narayan,Brand {{n}},Generic,20,20,600,10,20,"
RESEARCH_ROW = f"NEW,,,,,,901,{GOOD},,,,1000,Maker Inc.,10,06/15/2023,Stem,{{n}},No,2023,06/30/2024"
OWNERSHIP_ROW = f"NEW,901,{GOOD},{{n}},2023,5000,7500,Stock,Maker Inc.,No,06/30/2024"
BAD = [  # source, file, header, good row, (what to put in its place), the rule that it breaks
    ("claims", INPATIENT_FILE, INPATIENT, INPATIENT_ROW, ",General,02134,470,JOINT,20,1,1,1", "missing_key"),
    ("claims", INPATIENT_FILE, INPATIENT, INPATIENT_ROW, "70001,General,02134,470,JOINT,2O,1,1,1", "not_a_number"),
    ("claims", INPATIENT_FILE, INPATIENT, INPATIENT_ROW, "70001,General,02134,470,JOINT,12.5,1,1,1", "not_a_count"),
    ("claims", INPATIENT_FILE, INPATIENT, INPATIENT_ROW, "70001,General,02134,470,JOINT,20,1,1,-1", "negative_amount"),
    ("claims", INPATIENT_FILE, INPATIENT, INPATIENT_ROW, "70001,General,02134,4700,JOINT,20,1,1,1", "too_long"),
    ("claims", PART_D_FILE, PART_D, PART_D_ROW, f"{WRONG},Narayan,Brand,Generic,20,20,600,10,20,", "npi_check_digit"),
    ("claims", PART_D_FILE, PART_D, PART_D_ROW, f"{GOOD},Narayan,Brand,,20,20,600,10,20,", "missing_key"),
    ("claims", PART_D_FILE, PART_D, PART_D_ROW, f"{GOOD},Narayan,Brand,Generic,20,20,600,-10,20,", "negative_amount"),
    ("claims", PART_D_FILE, PART_D, PART_D_ROW, f"{GOOD},Narayan,Brand,Generic,20,20,600,see note,20,", "not_a_number"),
    ("open_payments", "open_payments/OP_DTL_RSRCH_PGYR2023_P06302024.csv", RESEARCH, RESEARCH_ROW,
     f"NEW,,,,,,901,{WRONG},,,,1000,Maker Inc.,10,06/15/2023,Stem,9,No,2023,06/30/2024", "npi_check_digit"),
    ("open_payments", "open_payments/OP_DTL_RSRCH_PGYR2023_P06302024.csv", RESEARCH, RESEARCH_ROW,
     f"NEW,,,,,,901,{GOOD},,,,1000,Maker Inc.,10,06/15/2022,Stem,9,No,2023,06/30/2024", "date_outside_period"),
    ("open_payments", "open_payments/OP_DTL_RSRCH_PGYR2023_P06302024.csv", RESEARCH, RESEARCH_ROW,
     f"LOST,,,,,,901,{GOOD},,,,1000,Maker Inc.,10,06/15/2023,Stem,9,No,2023,06/30/2024", "unknown_code"),
    ("open_payments", "open_payments/OP_DTL_OWNRSHP_PGYR2023_P06302024.csv", OWNERSHIP, OWNERSHIP_ROW,
     f"NEW,901,{GOOD},9,2023,-1,7500,Stock,Maker Inc.,No,06/30/2024", "negative_amount"),
    ("open_payments", "open_payments/OP_DTL_OWNRSHP_PGYR2023_P06302024.csv", OWNERSHIP, OWNERSHIP_ROW,
     f"NEW,901,{GOOD},9,2021,1,7500,Stock,Maker Inc.,No,06/30/2024", "date_outside_period"),
    ("publications", "publications/authors.csv", "pmid,position,last_name,fore_name", "{n},1,Doe,Ann", "9,first,Doe,Ann", "not_a_number"),
    ("publications", "publications/articles.csv", "pmid,title,published_on", "{n},Stems,2024-01-31", "9,Stems,31 Jan 2024", "not_a_date"),
    ("company", "company/target_feedback.csv", "npi,rep_id,decision,decided_on", f"{GOOD},u{{n}},accept,2026-01-31",
     f"{GOOD},u9,maybe,2026-01-31", "unknown_code"),
    ("company", "company/link_decisions.csv", "contact_id,npi,decision", f"003A00000000{{n}},{GOOD},Link", f"003A00000000099,{GOOD},maybe", "unknown_code"),
    ("company", "company/link_decisions.csv", "contact_id,npi,decision", f"003A00000000{{n}},{GOOD},no match", "003A00000000099,1234567890,link",
     "npi_check_digit"),
    ("company", "company/link_decisions.csv", "contact_id,npi,decision", "003A00000000{n},,No-Link", "003A00000000099,,link", "missing_key"),
    ("company", "company/travel.csv", "rep_id,start_zip5,workday_minutes", "u{n},02134,480", ",02134,480", "missing_key"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "name", "header", "good", "bad", "rule"), BAD)
def test_a_bad_row_goes_aside_under_its_rule_and_the_good_ones_stay(border, source, name, header, good, bad, rule):
    for needed, content in COMPANY_FILES.items() if source == "company" else ():
        border.put(f"company/{needed}", content)
    border.put(name, with_good(header, good, bad))
    result = border.take(source)
    assert name not in {**result.refused, **result.unrecognised}
    (table,) = (path.name for path in (border.lake / "quarantine" / source).iterdir() if any(path.iterdir()))
    assert [(line, found) for line, _, found, _ in border.quarantined(f"{source}/{table}")] == [(62, rule)]
    assert border.ask("select count(*) from {}", f"{source}/{table}") == [(60,)]


@pytest.mark.parametrize(
    ("source", "table", "first", "second", "header", "good"),
    [
        ("claims", "inpatient", "claims/MUP_INP_RY24_P03_V10_DY22_PrvSvc.CSV", "claims/MUP_INP_RY25_P03_V10_DY22_PrvSvc.csv",
         INPATIENT, INPATIENT_ROW),
        ("claims", "part_d", "claims/MUP_DPR_RY24_P04_V10_DY22_NPIBN.csv", "claims/MUP_DPR_RY25_P04_V10_DY22_NPIBN.csv",
         PART_D, PART_D_ROW),
        ("open_payments", "research", "open_payments/OP_DTL_RSRCH_PGYR2023_P06302024.csv",
         "open_payments/OP_DTL_RSRCH_PGYR2023_P01302025.csv", RESEARCH, RESEARCH_ROW),
        ("open_payments", "ownership", "open_payments/OP_DTL_OWNRSHP_PGYR2023_P06302024.csv",
         "open_payments/OP_DTL_OWNRSHP_PGYR2023_P01302025.csv", OWNERSHIP, OWNERSHIP_ROW),
    ],
)  # fmt: skip
def test_a_restated_release_stands_beside_the_one_that_it_replaces(border, source, table, first, second, header, good):
    border.put(first, with_good(header, good))
    border.put(second, with_good(header, good, good.replace("{n}", "190")))
    result = border.take(source, as_of=date(2026, 6, 30))
    assert not {**result.refused, **result.quarantined}
    found = border.ask("select _release, count(*) from {} group by 1 order by 1", f"{source}/{table}")
    assert [rows for _, rows in found] == [60, 61]
    assert found[0][0] < found[1][0]
