"""A file of the lake that is no longer what was written is named and read again from the landing zone, else the night stops."""

import os

import pytest

from dagster_project.doctor import examine_lake
from dagster_project.ingest.contract import LandingError
from dagster_project.settings import Settings
from tests.ingest.conftest import SERVICES_FILE, Border, services

COUNT = "select count(*), min(_row) from {}"
TABLE = "claims/provider_service"


def flip(path, keep_time: bool = False) -> None:
    """One bit in the middle, in place: what a failing disk or an editor does to a file and to every hard link of it."""
    looked = path.stat()
    with open(path, "r+b") as file:
        file.seek(looked.st_size // 2)
        (byte,) = file.read(1)
        file.seek(looked.st_size // 2)
        file.write(bytes([byte ^ 4]))
    if keep_time:
        os.utime(path, ns=(looked.st_atime_ns, looked.st_mtime_ns))


@pytest.fixture
def taken(border) -> Border:
    border.put(SERVICES_FILE, services(300))
    border.take("claims")
    return border


@pytest.mark.parametrize("floor", ["raw", "versions"])
def test_a_flipped_bit_is_named_and_mended_from_the_landing_zone(taken, floor):
    (path,) = (path for path in taken.lake.glob(f"{floor}/{TABLE}/*") if not path.name.startswith("_"))
    sound = path.read_bytes()
    flip(path)
    assert path.read_bytes() != sound
    result = taken.take("claims")
    assert (result.damaged, result.read) == ([SERVICES_FILE], [SERVICES_FILE])
    assert path.read_bytes() == sound
    assert taken.ask(COUNT, TABLE) == [(300, 1)]
    check = next(row for row in taken.border_table("checks") if row[1] == "lake_files_damaged")
    assert check[2:4] == ("warn", SERVICES_FILE)
    assert taken.take("claims").damaged == []


def test_a_file_of_raw_that_was_replaced_is_linked_again(taken):
    (path,) = (path for path in taken.lake.glob(f"raw/{TABLE}/*") if not path.name.startswith("_"))
    path.unlink()
    path.write_bytes(b"PAR1 something else PAR1")
    assert taken.take("claims").read == []
    assert taken.ask(COUNT, TABLE) == [(300, 1)]


def test_a_file_that_only_looks_newer_is_left_as_it_is(taken):
    (version,) = taken.lake.glob(f"versions/{TABLE}/*")
    os.utime(version)
    assert (taken.take("claims").read, taken.take("claims").damaged) == ([], [])


def test_damage_that_no_delivery_mends_stops_the_night(taken):
    taken.put(SERVICES_FILE, "not what it was\n1\n")
    assert SERVICES_FILE in taken.take("claims").refused
    (version,) = taken.lake.glob(f"versions/{TABLE}/*")
    flip(version)
    with pytest.raises(LandingError, match=f"{version.name}, which holds {SERVICES_FILE}.*deliver that content again"):
        taken.take("claims")
    taken.put(SERVICES_FILE, services(300))
    taken.take("claims")
    assert taken.ask(COUNT, TABLE) == [(300, 1)]


def test_a_file_taken_out_of_the_landing_zone_lets_the_night_go_on(taken):
    path = taken.put(SERVICES_FILE, "not what it was\n1\n")
    taken.take("claims")
    (version,) = taken.lake.glob(f"versions/{TABLE}/*")
    version.unlink()
    path.unlink()
    assert taken.take("claims").is_missing


def test_the_doctor_finds_what_changed_without_a_trace(taken, tmp_path):
    settings = Settings(home=tmp_path)
    assert examine_lake(settings).well
    (version,) = taken.lake.glob(f"versions/{TABLE}/*")
    flip(version, keep_time=True)
    assert taken.take("claims").damaged == []
    finding = examine_lake(settings)
    assert not finding.well
    assert f"{version} (of {SERVICES_FILE})" in finding.message
    version.unlink()
    assert taken.take("claims").damaged == [SERVICES_FILE]
    assert examine_lake(settings).well
