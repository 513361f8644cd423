"""Every file has the header that its publisher gives it."""

import csv
import gzip
from pathlib import Path

import pytest

CRM_COLUMNS = {
    "User": "Id, Name, Email, IsActive, ManagerId, Title, Start_Date__c",
    "Territory2": "Id, Name, DeveloperName, ParentTerritory2Id",
    "UserTerritory2Association": "UserId, Territory2Id, IsActive, RoleInTerritory2",
    "Account": "Id, Name, Type, ParentId, CCN__c, NPI__c, GPO__c, BillingStreet, BillingCity, BillingState, BillingPostalCode, "
    "OwnerId, CreatedDate, LastModifiedDate, IsDeleted",
    "Contact": "Id, AccountId, FirstName, LastName, Title, NPI__c, Specialty__c, Stakeholder_Role__c, MailingStreet, "
    "MailingCity, MailingState, MailingPostalCode, Phone, Email, DoNotCall, HasOptedOutOfEmail, Target__c, OwnerId, "
    "CreatedDate, LastModifiedDate, IsDeleted",
    "Task": "Id, WhoId, WhatId, OwnerId, Subject, Type, Status, ActivityDate, CreatedDate, IsDeleted",
    "Event": "Id, WhoId, WhatId, OwnerId, Subject, Type, Status, StartDateTime, EndDateTime, CreatedDate, IsDeleted",
    "Opportunity": "Id, AccountId, Primary_Contact__c, OwnerId, Name, Type, Procedure_Family__c, StageName, Probability, "
    "ForecastCategoryName, Amount, CloseDate, CreatedDate, IsClosed, IsWon, LastModifiedDate, IsDeleted",
    "OpportunityHistory": "Id, OpportunityId, StageName, Probability, Amount, CloseDate, ForecastCategory, CreatedDate",
    "ForecastingItem": "Id, OwnerId, Period_Start__c, Submitted_On__c, ForecastCategoryName, ForecastAmount",
    "Quota": "OwnerId, Period_Start__c, QuotaAmount",
    "Campaign": "Id, Name, Type, Procedure_Family__c, StartDate, EndDate, BudgetedCost",
    "CampaignMember": "Id, CampaignId, ContactId, Status, HasResponded, FirstRespondedDate, CreatedDate",
    "Contract": "Id, AccountId, StartDate, EndDate, Status, Supplier__c, Procedure_Family__c",
    "Order": "Id, AccountId, Surgeon__c, OpportunityId, OwnerId, EffectiveDate, Status, TotalAmount",
    "OrderItem": "Id, OrderId, Procedure_Family__c, Quantity, UnitPrice",
    "Competitor_Activity__c": "Id, Account__c, Contact__c, Competitor__c, Observed_On__c, OwnerId",
}
PUBLIC_FILES = {  # pattern: number of columns, first and last
    "claims/Medicare_Provider_Util_Payment_PUF_CY2012.txt": (27, "npi", "stdev_Medicare_payment_amt"),
    "claims/Medicare_Provider_Util_Payment_PUF_CY2013.csv": (28, "npi", "stdev_medicare_payment_amt"),
    "claims/Medicare_Provider_Util_Payment_PUF_CY2015.txt": (26, "npi", "average_medicare_standard_amt"),
    "claims/MUP_PHY_*_D22_Prov_Svc.csv": (29, "Rndrng_NPI", "Avg_Mdcr_Stdzd_Amt"),
    "claims/MUP_PHY_*_D23_Prov_Svc.csv": (28, "Rndrng_NPI", "Avg_Mdcr_Stdzd_Amt"),
    "open_payments/OP_DTL_GNRL_PGYR2020_P*.csv": (75, "Change_Type", "Payment_Publication_Date"),
    "open_payments/OP_DTL_GNRL_PGYR2024_P*.csv": (91, "Change_Type", "Payment_Publication_Date"),
    "registry/npidata_pfile_*.csv": (330, "NPI", "Certification Date"),
    "registry/DAC_NationalDownloadableFile.csv": (31, "NPI", "adrs_id"),
    "registry/Facility_Affiliation_*.csv": (9, "NPI", "Facility Type Certification Number"),
    "registry/Hospital_General_Information.csv": (38, "Facility ID", "TE Group Footnote"),
}
CLAIM_COLUMNS = (
    "claim_id claim_line_number claim_type person_id claim_line_start_date claim_start_date place_of_service_code ms_drg_code "
    "hcpcs_code hcpcs_modifier_1 service_unit_quantity rendering_npi billing_npi facility_npi diagnosis_code_1 "
    "diagnosis_code_10 paid_amount data_source file_date"
)


def header(path: Path) -> list[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", errors="replace") as file:
        return next(csv.reader(file, delimiter="\t" if path.suffix == ".txt" else ","))


@pytest.mark.parametrize("name", sorted(CRM_COLUMNS))
def test_an_object_export_has_all_its_columns(crm, name):
    assert set(CRM_COLUMNS[name].split(", ")) <= set(header(crm / f"{name}.csv"))


@pytest.mark.parametrize("pattern", sorted(PUBLIC_FILES))
def test_a_public_file_has_its_publishers_header(world, pattern):
    width, first, last = PUBLIC_FILES[pattern]
    paths = sorted(world.landing.glob(pattern))
    assert paths
    for path in paths:
        names = header(path)
        assert (len(names), names[0], names[-1]) == (width, first, last)
        assert len(set(names)) == width


def test_claim_lines_come_as_csv_gzip_and_parquet_with_the_same_names(world):
    import pyarrow.parquet as pq

    folder = world.landing / "claims"
    headers = [header(p) for p in folder.glob("medical_claim*.csv*")]
    headers += [pq.read_schema(p).names for p in folder.glob("medical_claim*.parquet")]
    assert len(headers) > 30
    assert all(set(CLAIM_COLUMNS.split()) <= set(names) for names in headers)


def test_public_files_lose_the_gender_column_in_2023(world):
    assert "Rndrng_Prvdr_Gndr" in header(next((world.landing / "claims").glob("*_D22_*")))
    assert "Rndrng_Prvdr_Gndr" not in header(next((world.landing / "claims").glob("*_D24_*")))


def test_old_payments_carry_no_npi(world):
    names = header(next((world.landing / "open_payments").glob("*GNRL_PGYR2019*")))
    assert not any("NPI" in name for name in names)


def test_company_files_are_complete(world):
    names = {p.name for p in (world.landing / "company").iterdir()}
    assert names == {"company.yml", "procedure_families.csv", "manufacturers.csv", "pipeline_stages.csv",
                     "territory_alignment.csv", "restrictions.csv", "target_feedback.csv", "travel.csv"}  # fmt: skip
