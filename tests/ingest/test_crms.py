"""The CRMs beside Salesforce: each export in its own layout, with the names, Ids and flags that it writes."""

import pytest

from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.contract import LandingError
from dagster_project.ingest.landing_zone import check_landing
from dagster_project.publish.arrivals import facts_of
from tests.ingest.conftest import TONIGHT, npi

VEEVA_ACCOUNT = (
    "Id,Name,FirstName,LastName,IsPersonAccount,NPI_vod__c,Specialty_1_vod__c,PersonMailingPostalCode,OwnerId"
)
DEALS = (
    "Record ID,Deal Name,Deal Stage,Deal Probability,Amount,Create Date,Close Date,Deal owner,Associated Company IDs"
)


def test_a_veeva_person_and_a_veeva_institution(border):
    border.put(
        "crm/veeva/Account.csv",
        f"{VEEVA_ACCOUNT},PDRP_Opt_Out_vod__c,PDRP_Opt_Out_Date_vod__c,Do_Not_Call_vod__c,IsDeleted\n"
        f"001Nq00000MXh2C,Doe Ann,Ann,Doe,1,{npi(1)},Orthopedics,02134,005Nq00000MXh2D,true,2025-03-01,Yes,0\n"
        "001Nq00000MXh2EIAT,General Hospital,,,0,,,,,,,,false\n",
    )
    assert not border.take("veeva").quarantined
    columns = "id, ispersonaccount, lastname, npi, specialty_1, ownerid, pdrp_opt_out, pdrp_opt_out_date::varchar, do_not_call"
    assert border.ask(f"select {columns} from {{}} order by _row", "veeva/account") == [
        ("001Nq00000MXh2CIAT", True, "Doe", npi(1), "Orthopedics", "005Nq00000MXh2DIAT", True, "2025-03-01", True),
        ("001Nq00000MXh2EIAT", False, None, None, None, None, False, None, False),
    ]


def test_a_call_of_veeva_and_of_vault_are_two_layouts_of_one_object(border):
    border.put(
        "crm/veeva/Call2_vod__c.csv",
        "Id,Account_vod__c,OwnerId,Call_Date_vod__c,Call_Datetime_vod__c,Status_vod__c,Call_Type_vod__c,CreatedDate,IsDeleted\n"
        "a04Nq00000MXh2C,001Nq00000MXh2C,005Nq00000MXh2D,2025-06-03,2025-06-03T14:00:00.000Z,Submitted_vod,Detail Only,"
        "2025-05-30T14:00:00.000+0000,false\n",
    )
    border.put(
        "crm/veeva/call2__v.csv",
        "id,account__v,ownerid__v,call_date__v,call_datetime__v,status__v,call_type__v,created_date__v\n"
        "V5X000000001001,V4S000000001002,1000012,2025-06-03,2025-06-03T14:00:00.000Z,submitted__v,detail_only__v,"
        "2025-05-30T14:00:00.000Z\n",
    )
    result = border.take("veeva")
    assert not result.quarantined
    assert not result.refused
    found = border.ask(
        "select id, account, ownerid, call_datetime::varchar, status, createddate::varchar from {} order by id",
        "veeva/call",
    )
    when = ("2025-06-03 14:00:00", "2025-05-30 14:00:00")
    # A Vault Id has fifteen characters, and no more belong to it.
    assert found == [
        ("V5X000000001001", "V4S000000001002", "1000012", when[0], "submitted__v", when[1]),
        ("a04Nq00000MXh2CIAT", "001Nq00000MXh2CIAT", "005Nq00000MXh2DIAT", when[0], "Submitted_vod", when[1]),
    ]


@pytest.mark.parametrize(
    ("name", "content", "table", "columns", "row"),
    [
        (
            "account__v.csv",
            "id,name__v,first_name__v,last_name__v,is_person_account__v,npi__v,specialty_1__v,person_mailing_postal_code__v",
            "account",
            "id, firstname, lastname, ispersonaccount, npi, specialty_1, personmailingpostalcode",
            ["V4S000000001002", "Doe Ann", "Ann", "Doe", "true", "1000000004", "Orthopedics", "02134"],
        ),
        (
            "MC_Cycle_vod__c.csv",
            "Id,Name,Start_Date_vod__c,End_Date_vod__c,Status_vod__c",
            "cycle",
            "id, start_date::varchar, end_date::varchar, status",
            ["a0BNq00000MXh2CIAT", "Spring", "2025-01-01", "2025-06-30", "In_Progress_vod"],
        ),
        (
            "mc_cycle__v.csv",
            "id,start_date__v,end_date__v,mc_cycle_status__v,status__v",
            "cycle",
            "id, start_date::varchar, end_date::varchar, status",
            ["V7A000000001001", "2025-01-01", "2025-06-30", "planned__v", "not this one"],
        ),
        (
            "mc_cycle_plan__v.csv",
            "id,cycle__v,territory__v",
            "cycle_plan",
            "id, cycle",
            ["V7B000000001001", "V7A000000001001", "North"],
        ),
        (
            "MC_Cycle_Plan_Target_vod__c.csv",
            "Id,Target_vod__c,Planned_Interactions_vod__c",
            "cycle_plan_target",
            "id, target, planned_interactions::int",
            ["a0ANq00000MXh2CIAT", "001Nq00000MXh2CIAT", "6"],
        ),
        (
            "tsf__v.csv",
            "id,account__v,territory__v,my_target__v",
            "territory_fields",
            "id, account, territory, my_target",
            ["V00000000000001", "V4S000000001002", "North", "true"],
        ),
        (
            "Product_vod__c.csv",
            "Id,Name,Product_Type_vod__c,Company_Product_vod__c",
            "product",
            "id, name, product_type, company_product",
            ["a00Nq00000MXh2CIAT", "Knee", "Detail", "1"],
        ),
    ],
)
def test_the_other_objects_of_veeva(border, name, content, table, columns, row):
    border.put(f"crm/veeva/{name}", [content.split(","), row])
    result = border.take("veeva")
    assert not result.refused
    assert not result.unrecognised
    stored = border.ask(f"select {columns} from {{}}", f"veeva/{table}")[0]
    told = {"true": True, "1": True, "6": 6}
    assert set(stored) <= {told.get(value, value) for value in row} - {"not this one"}
    assert None not in stored


def test_a_related_object_of_veeva_is_not_taken_for_the_object_itself(border):
    border.put("crm/veeva/Call2_Detail_vod__c.csv", "Id,Call2_vod__c,Product_vod__c\n1,2,3\n")
    assert "crm/veeva/Call2_Detail_vod__c.csv" in border.take("veeva").unrecognised


def test_a_hubspot_deal_with_salesforce_records_and_with_its_own(border):
    border.put(
        "crm/hubspot/hubspot-crm-exports-all-deals-2025-06-30.csv",
        f"{DEALS},Associated Contact IDs\n"
        "9001,Knee,Demo (Main),0.4,12000,2025-01-05 09:30,2025-08-01,Ann@Own.example,001Nq00000MXh2C,003Nq00000MXh2C;003Nq00000MXh2D\n"
        "9002.0,Hip,Closed Won,100%,9000,2025-01-05 09:30,2025-08-01 00:00,005Nq00000MXh2D,55;56,77\n",
    )
    assert not border.take("hubspot").quarantined
    found = border.ask(
        "select record_id, deal_probability::double, deal_owner, associated_company_id, associated_contact_id,"
        " created_at::varchar, close_date::varchar from {} order by record_id",
        "hubspot/deals",
    )
    assert found == [
        (
            "9001",
            0.4,
            "Ann@Own.example",
            "001Nq00000MXh2CIAT",
            "003Nq00000MXh2CIAT",
            "2025-01-05 09:30:00",
            "2025-08-01",
        ),
        ("9002", 100.0, "005Nq00000MXh2DIAT", "55", "77", "2025-01-05 09:30:00", "2025-08-01"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "columns", "row"),
    [
        (
            "contacts",
            "Record ID,First Name,Last Name,NPI,Do not call,Associated Company IDs\n1,Al,Gore,123,true,5;6\n",
            "record_id, last_name, npi, do_not_call, associated_company_id",
            ("1", "Gore", "123", True, "5"),
        ),
        (
            "companies",
            "Record ID,Company name,State/Region,Postal Code\n5,General,MA,02134\n",
            "record_id, company_name, state, postal_code",
            ("5", "General", "MA", "02134"),
        ),
        (
            "deal_stage_history",
            "Record ID,Deal Stage,Entered Date\n9001,Demo,2025-02-01 10:00\n",
            "record_id, deal_stage, entered_at::varchar",
            ("9001", "Demo", "2025-02-01 10:00:00"),
        ),
        (
            "calls",
            "Record ID,Call Title,Activity date,Call outcome,Call duration,Activity assigned to,Associated Contact IDs\n"
            "7,Visit,2025-02-01 10:00,Connected,00:10:00,ann@own.example,1\n",
            "record_id, title, started_at::varchar, outcome, duration, assigned_to, associated_contact_id",
            ("7", "Visit", "2025-02-01 10:00:00", "Connected", "00:10:00", "ann@own.example", "1"),
        ),
        (
            "meetings",
            "Record ID,Meeting name,Meeting start time,Meeting end time,Meeting outcome,Activity assigned to\n"
            "8,Visit,2025-02-01 10:00,2025-02-01 11:00,No show,ann@own.example\n",
            "record_id, started_at::varchar, ended_at::varchar, outcome, associated_contact_id",
            ("8", "2025-02-01 10:00:00", "2025-02-01 11:00:00", "No show", None),
        ),
    ],
)
def test_the_other_objects_of_hubspot(border, name, content, columns, row):
    border.put(f"crm/hubspot/{name}.csv", content)
    assert not border.take("hubspot").quarantined
    assert border.ask(f"select {columns} from {{}}", f"hubspot/{name}") == [row]


def test_oce_calls_under_the_orgs_own_names(border):
    border.put("company/crm_fields.yml", "OCE__Call__c:\n  OCE__Account__c: HCP__c\n  OCE__CallDateTime__c: Start__c\n")
    border.put(
        "crm/oce/OCE__Call__c.csv",
        "Id,HCP__c,OwnerId,Start__c,OCE__Status__c,CreatedDate,IsDeleted\n"
        "a1BNq00000MXh2C,001Nq00000MXh2C,005Nq00000MXh2D,2025-06-03T14:00:00.000+0000,Submitted,,1\n",
    )
    assert not border.take("oce").refused
    found = border.ask("select id, account, calldatetime::varchar, status, isdeleted from {}", "oce/call")
    assert found == [("a1BNq00000MXh2CMAT", "001Nq00000MXh2CIAT", "2025-06-03 14:00:00", "Submitted", True)]


def test_every_crm_may_have_its_own_names_of_one_object_and_field(border):
    border.put(
        "company/crm_fields.yml",
        "Account:\n  NPI_vod__c: National_Id__c\n  CCN__c: Medicare_Number__c\ncontacts:\n  NPI: National Id\n"
        "deals:\n  Associated Company IDs: Clinic\naccount__v:\n  npi__v: npi_number__c\n",
    )
    border.put("crm/veeva/Account.csv", "Id,Name,National_Id__c\n1,A,123\n")
    border.put("crm/veeva/account__v.csv", "id,name__v,npi_number__c\n2,B,456\n")
    border.put("crm/salesforce/Account.csv", "Id,Name,Medicare_Number__c\n1,A,050625\n")
    border.put("crm/hubspot/contacts.csv", "Record ID,Last Name,National Id\n1,Gore,789\n")
    border.put("crm/hubspot/deals.csv", "Record ID,Deal Stage,Clinic\n1,Demo,001Nq00000MXh2C\n")
    for crm in ("veeva", "salesforce", "hubspot"):
        border.take(crm)
    assert border.ask("select npi from {} order by id", "veeva/account") == [("123",), ("456",)]
    assert border.ask("select ccn__c from {}", "salesforce/account") == [("050625",)]
    assert border.ask("select npi from {}", "hubspot/contacts") == [("789",)]
    assert border.ask("select associated_company_id from {}", "hubspot/deals") == [("001Nq00000MXh2CIAT",)]


def test_field_names_that_cannot_be_read_stop_the_night_with_words(border):
    border.put("company/crm_fields.yml", "Account: NPI\n")
    border.put("crm/veeva/Account.csv", "Id,Name\n1,A\n")
    with pytest.raises(LandingError, match=r"crm_fields.yml .* object: \{field: name\}"):
        border.take("veeva")


def test_one_crm_is_enough_and_nobody_misses_the_others(border):
    crms = [source.name for source in SOURCES if source.is_alternative]
    assert any("crm/hubspot/" in problem for problem in check_landing(border.landing))
    border.put("crm/hubspot/deals.csv", "Record ID,Deal Stage\n1,Demo\n")
    for crm in crms:
        border.take(crm)
    assert not any("crm" in problem for problem in check_landing(border.landing) if "company" not in problem)
    assert not set(crms) & set(facts_of(border.lake, TONIGHT)["missing_sources"])
    assert {row[0] for row in border.border_table("checks")} == {"hubspot"}
