"""The register and the dated copies of Care Compare, from their pages to the border."""

import csv
import gzip
import io
import zipfile

import pytest

from dagster_project.fetch import unpack
from tests.fetch.conftest import Remote, border_of, seen
from tests.ingest.conftest import npi

ZIP = "NPPES_Data_Dissemination_June_2025_V2.zip"
MEMBER = "npidata_pfile_20050523-20250608.csv"
PLACE = f"registry/{MEMBER}.gz"
HEADER = [
    "NPI",
    "Entity Type Code",
    "Provider Organization Name (Legal Business Name)",
    "Provider Last Name (Legal Name)",
    "Provider First Name",
    "Provider Middle Name",
    "Provider Credential Text",
    "Provider Other Last Name",
    "Provider First Line Business Practice Location Address",
    "Provider Business Practice Location Address City Name",
    "Provider Business Practice Location Address State Name",
    "Provider Business Practice Location Address Postal Code",
    "Provider Enumeration Date",
    "Last Update Date",
    "NPI Deactivation Date",
    "NPI Reactivation Date",
    *(f"Healthcare Provider {what}_{i}" for i in range(1, 16) for what in ("Taxonomy Code", "Primary Taxonomy Switch")),
]


def register(count: int = 6) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(HEADER)
    for i in range(count):
        state = "MA" if i % 2 else "NY"
        row = [npi(i), "1", "", "DOE", "ANN", "", "MD", "", "1 MAIN ST", "TOWN", state, "021340000", "05/23/2005"]
        row += ["05/23/2006", "", "", "207X00000X", "Y"]
        writer.writerow(row + [""] * (len(HEADER) - len(row)))
    return text.getvalue().encode()


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
def remote(publisher) -> Remote:
    page = f'<a href="./{ZIP}">Full</a><a href="./NPPES_Deactivated_NPI_Report_060925_V2.zip">gone</a>'
    publisher.server.expect_request("/nppes/NPI_Files.html").respond_with_data(page, content_type="text/html")
    members = {MEMBER: register(), MEMBER.replace(".csv", "_fileheader.csv"): b'"NPI"\n', "Readme.pdf": b"%PDF"}
    return publisher.serve(f"/nppes/{ZIP}", Remote(zipped(**members)))


def test_the_register_comes_out_of_its_zip_and_over_the_border(fetch, landing, remote, tmp_path_factory):
    result = fetch("nppes")
    assert result.exit_code == 0, result.output
    assert seen(landing) == [PLACE]
    assert gzip.decompress((landing / PLACE).read_bytes()) == register()
    border = border_of(landing, tmp_path_factory.mktemp("house"))
    taken = border.take("registry")
    assert not taken.refused
    assert not taken.unrecognised
    assert border.ask("select count(*), max(_released_on)::varchar from {}", "registry/nppes") == [(6, "2025-06-08")]
    assert "unchanged" in fetch("nppes").output
    assert not list((landing / "registry").glob(".part*"))


def test_the_register_of_one_state(fetch, landing, remote):
    assert fetch("nppes", "--states", "MA").exit_code == 0
    assert seen(landing) == [f"registry/states=MA/{MEMBER}"]
    found = list(csv.reader(io.StringIO((landing / f"registry/states=MA/{MEMBER}").read_text())))
    assert found == [row for row in csv.reader(io.StringIO(register().decode())) if row[10] in ("MA", HEADER[10])]


def test_a_damaged_zip_is_told_and_fetched_anew(fetch, landing, remote):
    good = remote.content
    remote.content = good[:200] + bytes([good[200] ^ 8]) + good[201:]
    result = fetch("nppes")
    assert result.exit_code == 1
    assert "damaged" in result.output
    assert seen(landing) == []
    remote.content = good
    assert fetch("nppes").exit_code == 0
    assert seen(landing) == [PLACE]


def test_a_zip_without_the_register_or_with_a_path_is_not_unpacked_elsewhere(fetch, landing, remote):
    remote.content = zipped(**{"other.csv": b"NPI\n"})
    assert "holds 0 files" in fetch("nppes").output
    remote.content, remote.etag = zipped(**{f"../../{MEMBER}": register()}), '"two"'
    assert fetch("nppes").exit_code == 0
    assert seen(landing) == [PLACE]
    assert not list(landing.parent.glob("npidata*"))


def test_a_bomb_is_refused_before_it_is_unpacked(fetch, landing, remote, monkeypatch):
    monkeypatch.setattr(unpack, "SMALLEST_BOMB", 1 << 20)
    remote.content = zipped(**{MEMBER: b'"NPI",' + b"0" * (2 << 20)})
    result = fetch("nppes")
    assert result.exit_code == 1
    assert "times its size" in result.output
    assert seen(landing) == []


def test_care_compare_keeps_dated_copies_side_by_side(fetch, landing, publisher, tmp_path_factory):
    tables = {
        "mj5m-pzi6": (
            "DAC_NationalDownloadableFile.csv",
            f"NPI,Provider Last Name,pri_spec,State\n{npi(1)},DOE,ORTHOPEDIC SURGERY,MA\n",
        ),
        "27ea-46a8": (
            "Facility_Affiliation.csv",
            f"NPI,facility_type,Facility Affiliations Certification Number\n{npi(1)},Hospital,220001\n",
        ),
        "xubh-q36u": (
            "Hospital_General_Information.csv",
            "Facility ID,Facility Name,Address,City/Town,State,ZIP Code,Hospital Type,Hospital Ownership\n"
            "220001,GENERAL,1 ST,BOSTON,MA,02134,Acute Care Hospitals,Voluntary\n",
        ),
    }
    for day in ("2025-03-01", "2025-06-01"):
        publisher.server.clear_all_handlers()
        for identifier, (name, text) in tables.items():
            address = f"/resources/{day}/{name}"
            item = {"modified": f"{day}T00:00:00", "distribution": [{"data": {"downloadURL": publisher.url(address)}}]}
            publisher.server.expect_request(f"/provider-data/{identifier}").respond_with_json(item)
            publisher.serve(address, Remote(text.encode()))
        result = fetch("care-compare")
        assert result.exit_code == 0, result.output
    assert seen(landing) == [
        f"registry/{name[:-4]}_{day}.csv"
        for name in ("DAC_NationalDownloadableFile.csv", "Facility_Affiliation.csv", "Hospital_General_Information.csv")
        for day in ("2025-03-01", "2025-06-01")
    ]
    border = border_of(landing, tmp_path_factory.mktemp("house"))
    taken = border.take("registry")
    assert not taken.refused
    assert not taken.unrecognised
    assert border.ask("select count(distinct _released_on) from {}", "registry/facility_affiliation") == [(2,)]
