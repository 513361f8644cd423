"""Every source is optional except the company and one CRM; what is missing is named, and its marts are empty, not absent."""

import json
import shutil
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("part", [*PARTS, None])
def test_company_and_crm_with_one_other_source(world, fieldscope, tmp_path, part):
    landing = landing_of(world, tmp_path, *([part] if part else []))
    night = fieldscope(landing, tmp_path / "home", world.as_of)
    assert night.code == 0, night.text
    facts = json.loads((night.home / "published" / "current" / "manifest.json").read_text())
    assert sorted(facts["missing_sources"]) == sorted(set(PARTS) - {part})
    assert "Not delivered" in night.text
    for source, mart in FILLED_BY.items():
        assert (facts["rows"][mart] > 0) == (source == part), mart
    assert facts["rows"]["orders"] > 0
    assert facts["rows"]["forecasts"] > 0


def test_a_refused_file_ends_with_three_and_yesterdays_version_stays(world, fieldscope, tmp_path):
    landing = landing_of(world, tmp_path, "registry")
    first = fieldscope(landing, tmp_path / "home", world.as_of)
    hospital = landing / "registry" / "Hospital_General_Information.csv"
    hospital.write_text("<html><body>503 Service Unavailable</body></html>")
    second = fieldscope(landing, tmp_path / "home", world.as_of)
    assert (first.code, second.code) == (0, 3), second.text
    assert "Hospital_General_Information.csv" in second.text
    assert second.query("select count(*) from facilities where name is not null")[0][0] > 0
    refused = second.query("select count(*) from source_versions where not accepted and file like '%Hospital_General%'")
    assert refused[0][0] == 1


def test_a_failed_night_leaves_yesterdays_publication(world, fieldscope, tmp_path):
    landing = landing_of(world, tmp_path, "registry")
    first = fieldscope(landing, tmp_path / "home", world.as_of)
    before = (first.home / "published" / "current").resolve()
    (landing / "company" / "procedure_families.csv").unlink()
    (landing / "company" / "company.yml").write_text("name: [unclosed")
    second = fieldscope(landing, tmp_path / "home", world.as_of)
    assert second.code == 1, second.text
    assert "company" in second.text
    assert (second.home / "published" / "current").resolve() == before
