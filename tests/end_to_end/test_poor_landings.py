"""Every source is optional except the company and one CRM; what is missing is named, and its marts are empty, not absent."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.end_to_end.drug_company import DRUG, as_drug_company

PARTS = ("claims", "open_payments", "registry")
FILLED_BY = {"claims": "provider_procedures", "open_payments": "provider_payments", "registry": "provider_affiliations"}


def landing_of(world, folder: Path, *parts: str) -> Path:
    for part in ("company", "crm", *parts):
        shutil.copytree(world.landing / part, folder / "landing" / part)
    return folder / "landing"


def test_an_empty_landing_zone_ends_with_one_and_names_what_is_missing(fieldscope, tmp_path):
    (tmp_path / "landing").mkdir()
    night = fieldscope(tmp_path / "landing", tmp_path / "home", None)
    assert night.code == 1
    assert "company" in night.text
    assert "crm" in night.text.lower()
    assert not (tmp_path / "home" / "published" / "current").exists()


@pytest.mark.parametrize("absent", ["company", "crm"])
def test_without_company_or_crm_nothing_is_published(world, fieldscope, tmp_path, absent):
    landing = landing_of(world, tmp_path)
    shutil.rmtree(landing / absent)
    night = fieldscope(landing, tmp_path / "home", world.as_of)
    assert night.code == 1
    assert absent in night.text.lower()


@pytest.fixture(scope="module")
def poor_nights(world, fieldscope, tmp_path_factory):
    """A night with one source beside the company and the CRM, made once for each; the one with claims is a drug company's."""
    made = {}

    def night(part: str):
        if part not in made:
            folder = tmp_path_factory.mktemp(part)
            landing = landing_of(world, folder, part)
            if part == "claims":
                as_drug_company(landing)
            made[part] = fieldscope(landing, folder / "home", world.as_of)
        return made[part]

    return night


@pytest.mark.parametrize("part", PARTS)
def test_company_and_crm_with_one_other_source(poor_nights, part):
    night = poor_nights(part)
    assert night.code == 0, night.text
    facts = json.loads((night.home / "published" / "current" / "manifest.json").read_text())
    assert sorted(facts["missing_sources"]) == sorted({*PARTS, "publications"} - {part})
    assert "Not delivered" in night.text
    for source, mart in FILLED_BY.items():
        assert (facts["rows"][mart] > 0) == (source == part), mart
    assert facts["rows"]["orders"] > 0
    assert facts["rows"]["forecasts"] > 0


def test_a_drug_company_is_served_by_the_same_code_and_another_configuration(world, poor_nights):
    night = poor_nights("claims")
    published = [pd.read_csv(file, dtype=str) for file in sorted((world.landing / "claims").glob("MUP_DPR_*"))]
    ours = pd.concat(published).query("Gnrc_Name in ('Apixaban', 'Rivaroxaban')")
    prescribers = {npi for (npi,) in night.query("select distinct npi from provider_procedures where services > 0")}
    assert prescribers
    assert prescribers <= set(ours["Prscrbr_NPI"]), "whoever never prescribed it has a volume of the drug"
    assert night.query("select distinct procedure_family from provider_procedures") == [(DRUG,)]
    assert night.query("select distinct procedure_family from target_scores") == [(DRUG,)]
    assert night.query("select count(*) from target_scores where reasons like '%prescriptions%'") > [(0,)]
    named = night.query("select distinct diagnosis_family from provider_diagnoses order by all")
    assert named == [("degenerative",), ("inflammatory",)]
    of_orders = night.query("select distinct procedure_family from orders")
    assert of_orders == [(DRUG,)]
    ((listed, calls),) = night.query("select count(*), sum(calls_per_quarter) from target_list")
    assert listed > 0
    assert calls > 0
    report = {metric for (metric,) in night.query("select metric from target_model_report where split = 'todays_list'")}
    assert {"auc", "days_by_calls"} <= report


def test_nothing_that_a_drug_company_reads_speaks_of_procedures(poor_nights):
    """Names of columns and keys apart, and what the border expects of a publisher's file of procedures."""
    night = poor_nights("claims")
    texts = "select table_name, list(column_name) from information_schema.columns where data_type in ('VARCHAR', 'JSON') group by all"
    said = {}
    for mart, columns in night.query(f"{texts} having table_name <> 'data_quality'"):
        told = ", ".join(f"bool_or(regexp_matches({column}::varchar, '\\bprocedures?\\b', 'i'))" for column in columns)
        said |= zip([f"{mart}.{column}" for column in columns], *night.query(f"select {told} from {mart}"), strict=True)
    assert {place for place, is_said in said.items() if is_said} == set()
    assert said["target_list.why"] is False
    files = (night.home / "published" / "current" / "crm_writeback").rglob("*.csv")
    for text in (night.text, *(file.read_text(encoding="utf-8") for file in files)):
        assert not re.search(r"\bprocedures?\b", text, re.IGNORECASE)
    assert re.search(r"\d prescriptions of your focus families", night.text)
    assert night.query("select count(*) from target_list where why like '%prescriptions%'") > [(0,)]


def test_a_failed_night_leaves_yesterdays_publication(world, fieldscope, poor_nights):
    home = poor_nights("registry").home
    before = (home / "published" / "current").resolve()
    (home.parent / "landing" / "company" / "company.yml").write_text("name: [unclosed")
    failed = fieldscope(home.parent / "landing", home, world.as_of)
    assert failed.code == 1, failed.text
    assert "company.yml" in failed.text
    assert (home / "published" / "current").resolve() == before
