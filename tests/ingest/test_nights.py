"""A past night is given again with what it had in use, whatever has become of the landing zone since."""

from datetime import date

import pytest

from dagster_project.ingest import border as border_module
from dagster_project.ingest.contract import LandingError
from tests.ingest.conftest import PAYMENTS_FILE, SERVICES_FILE, payments, services

FIRST, SECOND, THIRD = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)
FILES = "select _file, count(*) from {} group by all order by all"
TABLE = "claims/provider_service"


def bytes_in_use(border, source: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in border.lake.glob(f"raw/{source}/*/*.parquet")}


def told(border, as_of: date) -> list[list[tuple]]:
    return [border.border_table(table, as_of) for table in ("file_versions", "quarantine", "checks")]


def test_an_overwritten_a_removed_and_a_late_file_do_not_reach_a_past_night(border):
    border.put(SERVICES_FILE, services(3, rndrng_npi="1"))
    gone = border.put("claims/MUP_PHY_R23_P04_V10_D21_Prov_Svc.csv", services(30, rndrng_npi="2"))
    border.take("claims", as_of=FIRST)
    first, first_told = bytes_in_use(border, "claims"), told(border, FIRST)
    border.put(SERVICES_FILE, services(5))
    border.put("claims/MUP_PHY_R22_P04_V10_D20_Prov_Svc.csv", services(7))
    gone.unlink()
    border.take("claims", as_of=SECOND)
    second, second_told = bytes_in_use(border, "claims"), told(border, SECOND)
    assert second != first
    replay = border.take("claims", as_of=FIRST)
    assert (replay.replayed, replay.read) == ("2026-06-01", [])
    assert (bytes_in_use(border, "claims"), told(border, FIRST)) == (first, first_told)
    border.take("claims", as_of=THIRD)
    assert (bytes_in_use(border, "claims"), told(border, SECOND)) == (second, second_told)


def test_a_night_between_two_recorded_ones_has_what_the_earlier_one_had(border):
    border.put(SERVICES_FILE, services(3))
    border.take("claims", as_of=FIRST)
    border.take("claims", as_of=SECOND)
    border.put(SERVICES_FILE, services(5))
    border.take("claims", as_of=date(2026, 6, 10))
    for day in (FIRST, SECOND, date(2026, 6, 9)):
        assert border.take("claims", as_of=day).rows["provider_service"] == 3
    assert border.take("claims", as_of=date(2026, 6, 10)).rows["provider_service"] == 5


def test_a_night_before_the_first_recorded_one_reads_todays_files_and_leaves_no_trace(border):
    border.put(SERVICES_FILE, services(3))
    border.take("claims", as_of=SECOND)
    border.put(SERVICES_FILE, services(5))
    early = border.take("claims", as_of=FIRST)
    assert (early.replayed, early.read, early.rows["provider_service"]) == (None, [SERVICES_FILE], 5)
    border.put(SERVICES_FILE, services(7))
    border.take("claims", as_of=THIRD)
    assert border.take("claims", as_of=SECOND).rows["provider_service"] == 3
    assert border.take("claims", as_of=FIRST).rows["provider_service"] == 7


def test_a_night_run_again_on_its_day_reads_what_was_mended(border):
    border.put(SERVICES_FILE, services(3))
    border.take("claims", as_of=FIRST)
    border.put(SERVICES_FILE, services(5))
    assert border.take("claims", as_of=FIRST).rows["provider_service"] == 5
    border.put(SERVICES_FILE, services(7))
    border.take("claims", as_of=SECOND)
    assert border.take("claims", as_of=FIRST).rows["provider_service"] == 5


def test_a_refresh_of_a_far_day_does_not_freeze_the_nights_that_come_before_it(border):
    border.put(SERVICES_FILE, services(3))
    border.take("claims", as_of=date(2099, 1, 1), is_past=False)
    border.put(SERVICES_FILE, services(5))
    assert border.take("claims", as_of=FIRST, is_past=False).rows["provider_service"] == 5
    border.put(SERVICES_FILE, services(7))
    assert border.take("claims", as_of=SECOND, is_past=False).rows["provider_service"] == 7
    assert border.take("claims", as_of=FIRST).rows["provider_service"] == 5


def test_a_past_night_keeps_the_version_that_stood_in_for_a_refused_file(border):
    border.put(SERVICES_FILE, services(3))
    border.take("claims", as_of=FIRST)
    border.put(SERVICES_FILE, "nothing like it\n1\n")
    assert border.take("claims", as_of=SECOND).rows["provider_service"] == 3
    border.put(SERVICES_FILE, services(5))
    border.take("claims", as_of=THIRD)
    replay = border.take("claims", as_of=SECOND)
    assert replay.rows["provider_service"] == 3
    assert SERVICES_FILE in replay.refused


def test_a_newer_contract_reads_again_and_past_nights_follow(border, monkeypatch):
    border.put(SERVICES_FILE, services(3))
    border.take("claims", as_of=FIRST)
    old = set(border.lake.glob("versions/claims/*/*"))
    monkeypatch.setattr(border_module, "READER_VERSION", "of tomorrow")
    assert border.take("claims", as_of=SECOND).read == [SERVICES_FILE]
    new = set(border.lake.glob("versions/claims/*/*"))
    assert len(new) == 1
    assert not new & old
    border.put(SERVICES_FILE, services(5))
    border.take("claims", as_of=THIRD)
    assert border.take("claims", as_of=FIRST).rows["provider_service"] == 3


def test_a_past_night_whose_version_is_damaged_says_so_and_gives_nothing_else(border):
    border.put(SERVICES_FILE, services(3))
    border.take("claims", as_of=FIRST)
    (version,) = border.lake.glob("versions/claims/provider_service/*")
    border.put(SERVICES_FILE, services(5))
    border.take("claims", as_of=SECOND)
    version.write_bytes(version.read_bytes()[:-4])
    with pytest.raises(LandingError, match=f"{version.name}, which holds {SERVICES_FILE}, is damaged.*another --home"):
        border.take("claims", as_of=FIRST)


def test_every_source_has_its_own_nights(border):
    border.put(SERVICES_FILE, services(3))
    border.put(PAYMENTS_FILE, payments(3))
    for source in ("claims", "open_payments"):
        border.take(source, as_of=FIRST)
    border.put(PAYMENTS_FILE, payments(4))
    border.take("open_payments", as_of=SECOND)
    assert border.take("open_payments", as_of=FIRST).replayed == "2026-06-01"
    assert border.take("claims", as_of=FIRST).replayed is None
