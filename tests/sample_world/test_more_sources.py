"""Inpatient stays, Part D, research, ownership, publications and the field's answers: the publishers' headers, people of the world."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from sample_world.identifiers import is_valid_npi

HEADERS = {  # a file of the world: what its header starts with in the collection of layouts
    "claims/MUP_INP_RY24_P03_V10_DY22_PrvSvc.CSV": "Rndrng_Prvdr_CCN,",
    "claims/MUP_DPR_RY26_P04_V10_DY24_NPIBN.csv": "Prscrbr_NPI,",
    "open_payments/OP_DTL_RSRCH_PGYR2015_P06302016.csv": "Change_Type,Covered_Recipient_Type,Noncovered_",
    "open_payments/OP_DTL_OWNRSHP_PGYR2019_P06302020.csv": "Change_Type,Physician_Profile_ID,",
}


def read(path: Path, encoding: str = "utf-8") -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, encoding=encoding)


def header(path: Path) -> list[str]:
    with path.open(encoding="cp1252", newline="") as file:
        return next(csv.reader(file))


@pytest.fixture(scope="session")
def layouts(shared_data) -> str:
    return (shared_data.parent / "layouts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_a_header_is_its_publishers_to_the_letter(world, layouts, name):
    published = [line for line in layouts.splitlines() if line.startswith(HEADERS[name])]
    assert ",".join(header(world.landing / name)) in published


def test_the_early_inpatient_header_is_its_publishers_but_for_blanks(world, layouts):
    names = header(next((world.landing / "claims").glob("*Inpatient*FY2017*")))
    assert f"`{','.join(name.strip() for name in names)}`" in layouts
    assert any(name != name.strip() for name in names)


def test_research_and_ownership_carry_npis_since_2021_alone(world):
    folder = world.landing / "open_payments"
    for path in [*folder.glob("*RSRCH*"), *folder.glob("*OWNRSHP*")]:
        has_npi = any(name.endswith("_NPI") for name in header(path))
        assert has_npi == (int(path.name.split("PGYR")[1][:4]) >= 2021), path.name
    assert len(header(folder / "OP_DTL_RSRCH_PGYR2024_P01302026.csv")) == 252


def test_hospitals_of_the_world_discharge_at_least_eleven(world):
    folder = world.landing / "claims"
    known = set(read(world.landing / "registry" / "Hospital_General_Information.csv")["Facility ID"])
    for path in folder.glob("MUP_INP_*"):
        table = read(path, "utf-8" if "DY24" in path.name else "cp1252")
        assert set(table.Rndrng_Prvdr_CCN) <= known
        assert table.Tot_Dschrgs.astype(int).min() >= 11
        assert {"470", "871", "065"} <= set(table.DRG_Cd)
    with pytest.raises(UnicodeDecodeError):
        (folder / "MUP_INP_RY24_P03_V10_DY22_PrvSvc.CSV").read_text(encoding="utf-8")


def test_few_patients_of_a_drug_are_blank_and_few_claims_absent(world):
    table = read(next((world.landing / "claims").glob("MUP_DPR_*_DY24_*")))
    assert table.Tot_Clms.astype(int).min() >= 11
    assert table.Tot_Benes.dropna().astype(int).min() >= 11
    assert 0 < table.Tot_Benes.isna().mean() < 0.6
    assert {"*", "#"} <= set(table.GE65_Sprsn_Flag.dropna())
    assert {"Apixaban", "Rivaroxaban"} < set(table.Gnrc_Name)


def test_the_company_sells_beside_a_drug_that_it_does_not_focus_on(world):
    table = read(world.landing / "company" / "procedure_families.csv")
    assert set(table[table.code_system == "GENERIC-NAME"].is_focus) == {"false"}


def test_research_names_up_to_five_people_some_by_profile_alone(world):
    folder = world.landing / "open_payments"
    table = read(folder / "OP_DTL_RSRCH_PGYR2024_P01302026.csv")
    first, fifth = table.Principal_Investigator_1_NPI, table.Principal_Investigator_5_Profile_ID
    assert fifth.notna().any()
    assert first.isna().any()
    assert table.Principal_Investigator_1_Profile_ID.notna().all()
    assert first.dropna().map(is_valid_npi).all()
    assert len(set(table.Covered_Recipient_Type)) == 3
    assert {"DELETED"} < set(table.Change_Type)
    assert {"Yes", "No"} == set(table.Dispute_Status_for_Publication)
    before = read(folder / "OP_DTL_RSRCH_PGYR2024_P06302025.csv")
    both = before.merge(table, on="Record_ID")
    amount = "Total_Amount_of_Payment_USDollars"
    assert len(before) < len(table)
    assert (both[f"{amount}_x"] != both[f"{amount}_y"]).any()


def test_authors_answers_and_travel_are_of_the_worlds_own_people(world, crm):
    landing = world.landing
    article, author = (read(landing / "publications" / f"{name}.csv") for name in ("articles", "authors"))
    assert set(author.pmid) == set(article.pmid)
    assert not author.duplicated(["pmid", "position"]).any()
    users = set(read(crm / "User.csv").Id)
    answer, travel = (read(landing / "company" / f"{name}.csv") for name in ("target_feedback", "travel"))
    assert set(answer.rep_id) <= users
    assert set(travel.rep_id) <= users
    assert answer.npi.map(is_valid_npi).all()
    assert answer.decided_on.max() <= world.as_of.isoformat()
