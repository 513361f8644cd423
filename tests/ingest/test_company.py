"""The company's own files: defaults, plain errors, and what no refresh can do without."""

from decimal import Decimal

import pytest

from dagster_project.ingest.contract import LandingError
from dagster_project.ingest.landing_zone import check_landing

FILES = {
    "company.yml": "name: Acme\nown_manufacturers: [Acme Inc., 'Acme, LLC']\npublication_lags_days: {cms_claims: 400}\n",
    "procedure_families.csv": "procedure_family,code_system,code,is_focus,revenue_per_procedure_usd\n"
    'Knee,HCPCS,27447,true,"$4,500.00"\nKnee,MS-DRG,3,1,\nArthrosis,ICD-10-CM,m17.1,false,\n',
    "pipeline_stages.csv": "stage,stage_order,crm_stage_name,is_closed,is_won,stated_probability,exit_criterion,expected_days\n"
    "Open,1,Qualification,false,false,10,met,30\nWon,2,Closed Won,true,true,100%,,\nLost,3,Closed Lost,1,0,0,,\n",
    "territory_alignment.csv": "zip5,territory_id,kind,valid_from,valid_to\n2134,T1,primary,2024-01-01,\n02135,T1,Overlay,,\n",
}


@pytest.fixture
def company(border):
    for name, content in FILES.items():
        border.put(f"company/{name}", content)
    return border


def test_settings_hold_the_documented_defaults(company):
    company.take("company")
    found = company.ask(
        "select name, currency, timezone, adoption_horizon_days, forecast_horizon_quarters, rep_annual_cost_usd,"
        " calls_per_rep_per_week, planned_notice_days, calls_per_provider_per_quarter, cell_suppression_minimum, patient_run_out_days, holdout_share, feedback_holds_days,"
        " lag_days_cms_claims, lag_days_open_payments, lag_days_claim_lines, own_manufacturers from {}",
        "company/settings",
    )
    assert found == [
        ("Acme", "USD", "UTC", 180, 2, 220000, 20, 3, 13, 11, 180, 0.05, 180, 400, 180, 30, ["Acme Inc.", "Acme, LLC"]),
    ]  # fmt: skip


def test_codes_zips_and_probabilities_are_brought_to_one_form(company):
    company.take("company")
    codes = company.ask(
        "select code, is_focus, revenue_per_procedure_usd from {} order by _row", "company/procedure_families"
    )
    assert codes == [("27447", True, Decimal("4500.00")), ("003", True, None), ("M171", False, None)]
    assert company.ask("select stated_probability from {} order by _row", "company/pipeline_stages") == [
        (Decimal("0.1"),), (Decimal("1"),), (Decimal("0"),),
    ]  # fmt: skip
    assert company.ask("select zip5, kind from {} order by _row", "company/territory_alignment") == [
        ("02134", "primary"), ("02135", "overlay"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_with_what_to_do(company, name):
    (company.landing / "company" / name).unlink()
    with pytest.raises(LandingError, match=name):
        company.take("company")
    assert any(name in problem for problem in check_landing(company.landing))


def test_no_company_folder_and_no_crm(border):
    with pytest.raises(LandingError, match=r"company\.yml"):
        border.take("company")
    assert any("crm" in problem for problem in check_landing(border.landing))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name: [", "no valid YAML"),
        ("just words", "field: value"),
        ("currency: USD", "name: Field required"),
        ("name: A\nfiscal_year_start_month: 13", "fiscal_year_start_month"),
        ("name: A\ntimezone: Mars/Olympus", "IANA"),
        ("name: A\npublication_lags_days: {cms: 3}", "publication_lags_days.cms"),
    ],
)
def test_a_broken_company_file_says_which_field(company, content, said):
    company.put("company/company.yml", content)
    with pytest.raises(LandingError) as error:
        company.take("company")
    assert said in str(error.value)
    assert any(said in problem for problem in check_landing(company.landing))


def test_a_complete_landing_zone_has_no_problems(company):
    company.put("crm/salesforce/Account.csv", "Id,Name\n1,A\n")
    assert check_landing(company.landing) == []


def test_a_slip_in_one_restriction_does_not_lift_the_others(company):
    rows = [
        "npi,facility_id,list,effective_from,effective_to",
        "123,,PDRP,,",
        ",50441,SYSTEM_CLOSED,,",
        "1234567893,,NO_SEE,,",
    ]
    company.put("company/restrictions.csv", "\n".join(rows))
    assert company.take("company").quarantined == {"company/restrictions.csv": {"npi_check_digit": 1}}
    assert company.ask("select npi, facility_id, list from {} order by _row", "company/restrictions") == [
        (None, "050441", "SYSTEM_CLOSED"), ("1234567893", None, "NO_SEE"),
    ]  # fmt: skip


def test_a_restriction_is_read_as_people_write_it(company):
    rows = [
        "npi,facility_id,list,effective_from,effective_to",
        "123 456 7893,,no contact,,",
        "1234567893,,No-See,,",
        "1234567893,,pdrp ,,",
        "1234567893,,forbidden,,",
    ]
    company.put("company/restrictions.csv", "\n".join(rows))
    assert company.take("company").quarantined == {"company/restrictions.csv": {"unknown_code": 1}}
    assert company.ask("select npi, list from {} order by _row", "company/restrictions") == [
        ("1234567893", "NO_CONTACT"), ("1234567893", "NO_SEE"), ("1234567893", "PDRP"),
    ]  # fmt: skip


def test_restrictions_that_cannot_be_read_stop_the_refresh(company):
    company.put("company/restrictions.csv", "who,why\n1234567893,NO_SEE\n")
    with pytest.raises(LandingError, match=r"restrictions\.csv"):
        company.take("company")


def test_restrictions_once_read_stay_in_use_when_a_later_delivery_cannot_be(company):
    company.put("company/restrictions.csv", "npi,facility_id,list,effective_from,effective_to\n1234567893,,NO_SEE,,\n")
    company.take("company")
    company.put("company/restrictions.csv", "who,why\n1234567893,NO_SEE\n")
    assert list(company.take("company").refused) == ["company/restrictions.csv"]
    assert company.ask("select npi from {}", "company/restrictions") == [("1234567893",)]


def test_the_states_rules_that_ship_are_all_read_and_the_companys_own_stand_beside_them(company):
    company.take("reference")
    shipped = company.ask("select state, rule, effective_from, source from {}", "reference/state_rules")
    assert {("VT", "prescriber_data"), ("ME", "prescriber_data")} <= {row[:2] for row in shipped}
    assert all(row[2] and row[3] for row in shipped)
    company.put("company/state_rules.csv", "state,rule,reach,source\nvt,Prescriber_Data,everyone,our counsel\n")
    company.take("company")
    assert company.ask("select state, rule, reach, effective_from from {}", "company/state_rules") == [
        ("VT", "prescriber_data", "everyone", None)
    ]
