"""What is fetched of what the publishers list: each year once, the newest release, whatever the form of the list."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.fetch import care_compare, data_cms, nppes, open_payments
from dagster_project.fetch.choice import years_of
from dagster_project.fetch.portal import FetchError, Portal
from dagster_project.fetch.settings import FetchSettings
from dagster_project.fetch.wanted import Wanted, name_in
from tests.fetch.conftest import NAME, PHYSICIANS, RELEASE, TITLE


@pytest.fixture
def portal(publisher) -> Portal:
    return Portal(FetchSettings())


def test_one_year_listed_three_times_is_one_file(publisher, portal):
    publisher.catalogue(publisher.physicians())
    [file] = data_cms.offered(portal, ("physicians",))
    assert (file.year, file.name) == (2022, NAME)
    assert file.rows_url == publisher.url(f"/data-api/v1/dataset/{RELEASE}/data")


def test_the_year_is_that_of_the_period_and_not_of_title_or_name(publisher, portal):
    record = publisher.physicians()
    for entry in record["distribution"]:
        entry["title"] = f"{TITLE} : 2023-01-01"
    publisher.catalogue(record)
    assert [file.year for file in data_cms.offered(portal, ("physicians",))] == [2022]


def test_the_newest_release_of_a_year_wins_even_if_an_older_one_was_touched_last(publisher, portal):
    older = publisher.physicians(name="MUP_PHY_R23_P05_V10_D22_Prov_Svc.csv", modified="2026-01-01")
    newer = publisher.physicians(modified="2024-06-04")
    newer["distribution"] += older["distribution"]
    publisher.catalogue(newer)
    assert [file.name for file in data_cms.offered(portal, ("physicians",))] == [NAME]


def test_one_record_a_year_with_periods_as_objects(publisher, portal):
    records = []
    for year in (2021, 2022):
        record = publisher.physicians(year, f"MUP_PHY_R24_P05_V10_D{year % 100}_Prov_Svc.csv")
        record["identifier"] = publisher.url(f"/data-api/v1/dataset/{RELEASE}/data-viewer")
        record["title"] = f"{TITLE} : {year}-12-31"
        record["temporal"] = [{"startDate": f"{year}-01-01", "endDate": f"{year}-12-31"}]
        for entry in record["distribution"]:
            del entry["temporal"]
            if entry.pop("mediaType", None):
                entry["format"] = "CSV"
        records.append(record)
    publisher.catalogue(*records)
    assert [file.year for file in data_cms.offered(portal, ("physicians",))] == [2021, 2022]


def test_archives_and_other_data_sets_of_like_names_are_left_out(publisher, portal):
    record = publisher.physicians()
    zipped = dict(record["distribution"][1], mediaType="application/zip", downloadURL=publisher.url("/files/all.zip"))
    sibling = dict(
        publisher.physicians(name="MUP_PHY_R24_P05_V10_D22_Prov.csv"), title=TITLE.removesuffix(" and Service")
    )
    sibling["identifier"] = "https://data.cms.gov/data-api/v1/dataset/8889d81e-2ee7-448f-8713-f071038289b5/data-viewer"
    record["distribution"].append(zipped)
    publisher.catalogue(sibling, record)
    assert [file.name for file in data_cms.offered(portal, ("physicians",))] == [NAME]


def test_a_kind_that_is_not_listed_is_told_and_the_others_come(fetch, publisher):
    publisher.catalogue(publisher.physicians())
    result = fetch("cms", "--kinds", "physicians,part-d", "--dry-run")
    assert result.exit_code == 1
    assert f"claims/{NAME}" in result.output
    assert "part-d: the publisher's catalogue lists no such file" in result.output


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(1990, 2040), min_size=1))
def test_years_in_any_writing_are_those_years(years):
    assert years_of(", ".join(str(year) for year in years)) == years
    assert years_of(f"{min(years)}-{max(years)}") == set(range(min(years), max(years) + 1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_no_address_gives_a_name_that_leaves_its_folder(text):
    try:
        name = name_in(f"https://publisher/{text}.csv")
    except FetchError:
        return
    assert not set(name) & set("/\\\0*?[\n")
    assert not name.startswith(".")


def test_the_whole_real_catalogue(shared_data, publisher, portal):
    found = shared_data / "api_catalog" / "data_cms_gov_data_json_2025-02.json"
    if not found.exists():
        pytest.skip("the real catalogue (../shared/data/api_catalog) is not on this machine")
    publisher.catalogue(*json.loads(found.read_text())["dataset"])
    files = data_cms.offered(portal, ("physicians", "inpatient", "part-d"))
    assert [(file.dataset, file.year) for file in files] == [
        (kind, year) for kind in ("physicians", "inpatient", "part-d") for year in range(2013, 2023)
    ]
    assert all(file.rows_url and file.size_url and file.place(file.name) == file.name for file in files)
    assert files[9].name == NAME
    assert files[9].rows_url == f"https://data.cms.gov/data-api/v1/dataset/{RELEASE}/data"
    assert files[18].name == "MUP_IHP_RY23_P03_V10_DY21_PRVSVC.CSV"
    assert PHYSICIANS not in " ".join(file.rows_url or "" for file in files)


@pytest.mark.parametrize("with_reference_ids", [False, True])
def test_open_payments_by_title_with_and_without_reference_ids(publisher, portal, with_reference_ids):
    def item(title: str, name: str, modified: str = "2026-06-30") -> dict:
        entry = {"@type": "dcat:Distribution", "downloadURL": publisher.url(f"/op/{name}"), "mediaType": "text/csv"}
        entry = {"identifier": "0f6e", "data": entry} if with_reference_ids else entry
        return {"title": title, "modified": modified, "distribution": [entry]}

    publisher.server.expect_request("/items").respond_with_json(
        [
            item("2024 General Payment Data", "OP_DTL_GNRL_PGYR2024_P06302026_06032026.csv"),
            item("2024 General Payment Data", "OP_DTL_GNRL_PGYR2024_P01302026_01052026.csv", "2026-01-30"),
            item("2023 Research Payment Data", "OP_DTL_RSRCH_PGYR2023_P06302026_06032026.csv"),
            item("2024 Ownership Payment Data", "OP_DTL_OWNRSHP_PGYR2024_P06302026_06032026.csv"),
            item("Covered Recipient Profile Supplement", "OP_CVRD_RCPNT_PRFL_SPLMTL_P06302026_06032026.csv"),
            item("2024 General Payment Data Grouped by State", "general_by_state.csv", "2026-07-01"),
            item("2022 General Payment Data", "x.csv") | {"distribution": []},
            item("State Payment Totals", "totals.csv"),
        ]
    )
    files = open_payments.offered(portal, open_payments.KINDS)
    assert [(file.dataset, file.year, file.name[:18]) for file in files] == [
        ("general", 2024, "OP_DTL_GNRL_PGYR20"),
        ("research", 2023, "OP_DTL_RSRCH_PGYR2"),
        ("ownership", 2024, "OP_DTL_OWNRSHP_PGY"),
        ("profiles", None, "OP_CVRD_RCPNT_PRFL"),
    ]
    assert "P06302026" in files[0].name


def test_the_register_of_the_newest_month_and_the_weeks_after_it(publisher, portal):
    names = [
        "NPPES_Data_Dissemination_May_2025_V2.zip",
        "NPPES_Data_Dissemination_June_2025.zip",
        "NPPES_Data_Dissemination_June_2025_V2.zip",
        "NPPES_Data_Dissemination_December_2024_V2.zip",
        "NPPES_Data_Dissemination_051225_051825_Weekly_V2.zip",
        "NPPES_Data_Dissemination_061625_062225_Weekly_V2.zip",
        "NPPES_Data_Dissemination_060925_061525_Weekly_V2.zip",
        "NPPES_Deactivated_NPI_Report_060925_V2.zip",
    ]
    page = "".join(f'<li><a href="./{name}">{name}</a></li>' for name in names)
    publisher.server.expect_request("/nppes/NPI_Files.html").respond_with_data(f"<html><ul>{page}</ul></html>")
    assert [file.url for file in nppes.offered(portal, with_weeks=False)] == [publisher.url(f"/nppes/{names[2]}")]
    assert [file.name for file in nppes.offered(portal, with_weeks=True)] == [names[2], names[6], names[5]]


def test_care_compare_as_copies_dated_by_the_publisher(publisher, portal):
    for identifier, name in (
        ("mj5m-pzi6", "DAC_NationalDownloadableFile.csv"),
        ("27ea-46a8", "Facility_Affiliation.csv"),
        ("xubh-q36u", "Hospital_General_Information.csv"),
    ):
        entry = {"downloadURL": publisher.url(f"/resources/abc_1750/{name}"), "mediaType": "text/csv"}
        entry = {"identifier": "f00d", "data": entry} if identifier == "27ea-46a8" else entry
        publisher.server.expect_request(f"/provider-data/{identifier}").respond_with_json(
            {"identifier": identifier, "modified": "2025-06-01", "distribution": [entry]}
        )
    assert [file.name for file in care_compare.offered(portal)] == [
        "DAC_NationalDownloadableFile_2025-06-01.csv",
        "Facility_Affiliation_2025-06-01.csv",
        "Hospital_General_Information_2025-06-01.csv",
    ]


@pytest.mark.parametrize(
    "url", ["https://x/../.bashrc", "https://x/a%2F..%2Fb.csv.sh", "file:///etc/a.csv", "https://x/.a.csv"]
)
def test_an_address_that_is_no_plain_file_name_is_refused(url):
    with pytest.raises(FetchError):
        name_in(url)


def test_a_name_that_tells_no_year_goes_below_a_folder_that_does():
    file = Wanted("physicians", 2022, "claims", "services.csv", "https://x/services.csv", states=("MA", "NY"))
    assert file.place(file.name) == "states=MA-NY/year=2022/services.csv"
