"""Which version of which file is in use: unchanged, changed, removed, repeated, moved, and files still being written."""

import os
import time
from pathlib import Path

import pytest

from dagster_project.ingest import border as border_module
from dagster_project.ingest import looks, writing
from tests.ingest.conftest import PAYMENTS_FILE, SERVICES_FILE, claims, payments, services

FILES = "select distinct _file from {} order by 1"


def test_an_unchanged_file_is_neither_hashed_nor_read(border, monkeypatch):
    border.put(SERVICES_FILE, services(3))
    assert border.take("claims").read == [SERVICES_FILE]
    monkeypatch.setattr(border_module, "opened", lambda *_: pytest.fail("opened an unchanged file"))
    monkeypatch.setattr(writing, "connect", lambda *_: pytest.fail("opened a database for nothing"))
    result = border.take("claims")
    assert (result.read, result.unchanged, result.rows["provider_service"]) == ([], [SERVICES_FILE], 3)


def test_a_changed_file_replaces_its_rows(border):
    border.put(SERVICES_FILE, services(3))
    border.take("claims")
    border.put(SERVICES_FILE, services(5))
    assert border.take("claims").read == [SERVICES_FILE]
    assert border.ask("select count(*) from {}", "claims/provider_service") == [(5,)]


def test_a_removed_file_is_no_longer_in_use(border):
    path = border.put(SERVICES_FILE, services(3))
    border.take("claims")
    path.unlink()
    result = border.take("claims")
    assert result.is_missing
    assert border.ask("select count(*) from {}", "claims/provider_service") == [(0,)]


def test_the_same_file_under_two_names_counts_once(border):
    border.put(SERVICES_FILE, services(3))
    border.put("claims/another name.csv", services(3))
    result = border.take("claims")
    assert result.repeated == {"claims/another name.csv": SERVICES_FILE}
    assert border.ask(FILES, "claims/provider_service") == [(SERVICES_FILE,)]
    assert border.take("claims").read == []


def test_a_copy_takes_the_place_of_a_file_that_left(border):
    path = border.put(PAYMENTS_FILE, payments(3))
    copy = "open_payments/older/" + Path(PAYMENTS_FILE).name
    border.put(copy, payments(3))
    assert len(border.take("open_payments").repeated) == 1
    path.unlink()
    border.take("open_payments")
    assert border.ask(f"{FILES}", "open_payments/general") == [(copy,)]
    assert border.ask("select count(*) from {}", "open_payments/general") == [(3,)]


def test_a_better_named_copy_that_comes_later_takes_over(border):
    border.put("open_payments/payments.csv", payments(3))
    border.take("open_payments")
    border.put(PAYMENTS_FILE, payments(3))
    assert border.take("open_payments").repeated == {"open_payments/payments.csv": PAYMENTS_FILE}
    assert border.ask(FILES, "open_payments/general") == [(PAYMENTS_FILE,)]


def test_a_moved_file_is_found_under_its_new_path(border):
    path = border.put(SERVICES_FILE, services(3))
    border.take("claims")
    moved = path.parent / "year=2022" / path.name
    moved.parent.mkdir()
    path.rename(moved)
    border.take("claims")
    assert border.ask(FILES, "claims/provider_service") == [(f"claims/year=2022/{path.name}",)]


def test_two_releases_of_a_year_lie_side_by_side(border):
    border.put("claims/MUP_PHY_R23_P04_V10_D22_Prov_Svc.csv", services(2))
    border.put(SERVICES_FILE, services(3))
    border.take("claims")
    found = border.ask(
        "select _period, _release, count(*) from {} group by all order by all", "claims/provider_service"
    )
    assert found == [(2022, "2023.04.10", 2), (2022, "2024.05.10", 3)]


def test_a_file_still_being_written_is_left_alone(border, monkeypatch):
    path = border.put(SERVICES_FILE, services(3))
    os.utime(path)
    grow = lambda _: path.write_text(path.read_text() + "1,2,3\n")  # noqa: E731
    monkeypatch.setattr(looks.time, "sleep", grow)
    result = border.take("claims")
    assert (result.waiting, result.refused, result.rows["provider_service"]) == ([SERVICES_FILE], {}, 0)


def test_a_fresh_file_that_stands_still_is_read(border, monkeypatch):
    monkeypatch.setattr(looks, "FRESH_SECONDS", 1.0)
    os.utime(border.put(SERVICES_FILE, services(3)))
    start = time.monotonic()
    assert border.take("claims").rows["provider_service"] == 3
    assert time.monotonic() - start < 5


def test_a_version_that_lost_bytes_is_written_again(border):
    border.put(SERVICES_FILE, services(3))
    border.take("claims")
    (version,) = border.lake.glob("versions/claims/provider_service/*")
    version.unlink()
    version.write_bytes(b"PAR1")
    assert border.take("claims").read == [SERVICES_FILE]
    assert border.ask("select count(*) from {}", "claims/provider_service") == [(3,)]


def test_one_patient_has_one_key_over_files_and_another_under_another_secret(border):
    border.put("claims/medical_claim_a.csv", claims(3))
    border.put("claims/medical_claim_b.csv", claims(3, paid_amount="7"))
    border.take("claims")
    keys = "select list(distinct person_key order by person_key) from {}"
    first = border.ask(keys, "claims/medical_claim")[0][0]
    assert len(first) == 3
    border.take("claims", key=b"another")
    assert not set(first) & set(border.ask(keys, "claims/medical_claim")[0][0])


def test_no_patient_identifier_lies_anywhere_in_the_lake(border):
    rows = claims(60, rendering_npi="CANARY-ELSEWHERE")
    for i, row in enumerate(rows[1:]):
        row[3] = f"CANARY-{i}"
    rows[7] = rows[7][:-1]
    rows.append([*rows[4][:-1], "2024-02-01"])
    border.put("claims/medical_claim.csv", rows)
    result = border.take("claims")
    border.border_table("quarantine")
    assert result.rows["medical_claim"] > 50
    assert result.quarantined
    seen = [path for path in border.lake.rglob("*") if path.is_file()]
    assert len(seen) > 5
    assert not [path for path in seen if b"CANARY" in path.read_bytes()]
    assert "CANARY" not in str(border.ask("select * from {}", "claims/medical_claim"))
    assert "CANARY" not in str(border.quarantined("claims/medical_claim"))


def test_the_same_files_give_the_same_bytes(border, tmp_path):
    border.put("claims/medical_claim.csv", claims(200))
    border.take("claims")
    first = {path.name: path.read_bytes() for path in border.lake.glob("raw/claims/*/*")}
    border.take("claims", key=b"another")
    border.take("claims")
    assert {path.name: path.read_bytes() for path in border.lake.glob("raw/claims/*/*")} == first
