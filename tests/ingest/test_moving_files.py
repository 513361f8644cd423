"""Files that arrive while the border looks: still being written, replaced while being read, delivered once more, one of many new."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dagster_project.ingest import border as border_module
from dagster_project.ingest import looks, writing
from tests.ingest.conftest import CLAIMS, SERVICES_FILE, Border, claims, npi, services

FILE = "claims/medical_claim_2024_03.csv"
PAID = "select count(*), count(distinct paid_amount), any_value(paid_amount) from {}"
SAME_TIME = (1_710_000_000, 1_710_000_000)


def lines(paid: str, count: int) -> bytes:
    """Claim lines that all carry one amount, so that a mix of two files shows."""
    rows = (
        f"C{i},1,professional,p{i},2024-03-01,2024-03-02,24,470,27447,,1,{npi(i)},,,M17.11,{paid},house,2024-04-30"
        for i in range(count)
    )
    return ("\n".join([",".join(CLAIMS), *rows]) + "\n").encode()


@contextmanager
def meanwhile(work) -> Iterator[None]:
    """Runs `work(stop)` in another thread for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("pause", [0.05, 0.6])
def test_a_file_is_left_alone_until_its_writer_is_done(border, monkeypatch, pause):
    monkeypatch.setattr(looks, "FRESH_SECONDS", 1.0)
    border.put(FILE, lines("1", 150))
    border.take("claims")
    content = lines("7", 200)
    path = border.landing / FILE

    def write(stop: threading.Event) -> None:
        with open(path, "wb") as file:
            for start in range(0, len(content), 400):
                file.write(content[start : start + 400])
                file.flush()
                if stop.wait(pause):
                    file.write(content[start + 400 :])
                    return

    with meanwhile(write):
        time.sleep(pause / 2)
        result = border.take("claims")
        assert (result.waiting, result.read, result.refused) == ([FILE], [], {})
        assert border.ask(PAID, "claims/medical_claim") == [(150, 1, 1)]
        check = next(row for row in border.border_table("checks") if row[1] == "files_waiting")
        assert check[2:4] == ("warn", FILE)
    assert border.take("claims").read == [FILE]
    assert border.ask(PAID, "claims/medical_claim") == [(200, 1, 7)]


def rename(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(content)
    os.utime(part, SAME_TIME)
    part.replace(path)


def overwrite(path: Path, content: bytes) -> None:
    with open(path, "r+b") as file:
        file.write(content)
    os.utime(path, SAME_TIME)


@pytest.mark.parametrize("replace", [rename, overwrite])
def test_a_file_replaced_while_it_is_read_is_never_a_mix(border, replace):
    """Two contents of one size and time take turns; whatever is taken in is wholly the one or the other, and what its hash says."""
    path = border.landing / FILE
    path.parent.mkdir(parents=True)
    contents = [lines("1", 4000), lines("2", 4000)]
    path.write_bytes(contents[0])
    os.utime(path, SAME_TIME)

    def alternate(stop: threading.Event) -> None:
        turn = 0
        while not stop.wait(0.02):
            turn += 1
            replace(path, contents[turn % 2])

    left_alone = 0
    with meanwhile(alternate):
        for _ in range(12):
            result = border.take("claims")
            left_alone += len(result.waiting)
            assert result.refused == {}
            if result.rows["medical_claim"]:
                rows, amounts, paid = border.ask(PAID, "claims/medical_claim")[0]
                assert (rows, amounts) == (4000, 1)
                (told,) = border.border_table("file_versions")
                assert told[3].startswith(border_module.hashlib.sha256(contents[int(paid) - 1]).hexdigest())
                (path.parent.parent.parent / "lake" / "catalog" / "claims.json").unlink()
    assert left_alone > 0
    border.take("claims")
    assert border.ask(PAID, "claims/medical_claim")[0][:2] == (4000, 1)


def test_a_file_cut_and_written_anew_while_it_is_read_is_not_refused(border, monkeypatch):
    border.put(FILE, lines("1", 500))
    path = border.landing / FILE
    opened = border_module.opened

    def cut(*arguments):
        with open(path, "wb") as file:
            file.write(b"claim_id,")
        return opened(*arguments)

    monkeypatch.setattr(border_module, "opened", cut)
    result = border.take("claims")
    assert (result.waiting, result.refused, result.unrecognised) == ([FILE], {}, {})


def test_a_file_that_leaves_while_the_border_looks_is_no_error(border, monkeypatch):
    border.put(FILE, claims(3))
    gone = border.put("claims/medical_claim_2024_04.csv", claims(4))
    opened = border_module.opened

    def vanish(path, *arguments):
        gone.unlink(missing_ok=True)
        return opened(path, *arguments)

    monkeypatch.setattr(border_module, "opened", vanish)
    assert border.take("claims").rows["medical_claim"] == 3
    assert border.take("claims").waiting == []


def test_a_time_in_the_future_does_not_keep_a_file_out(border, monkeypatch):
    monkeypatch.setattr(looks, "FRESH_SECONDS", 0.2)
    path = border.put(FILE, claims(3))
    os.utime(path, (time.time() + 86_400,) * 2)
    assert border.take("claims").rows["medical_claim"] == 3


def test_the_same_content_delivered_again_is_not_read_into_the_lake_again(border, monkeypatch):
    border.put(SERVICES_FILE, services(3))
    border.take("claims")
    versions = {path: path.stat().st_mtime_ns for path in border.lake.rglob("*.parquet")}
    border.put(SERVICES_FILE, services(3))
    monkeypatch.setattr(writing, "connect", lambda *_: pytest.fail("read rows that it knows"))
    result = border.take("claims")
    assert result.rows["provider_service"] == 3
    assert {path: path.stat().st_mtime_ns for path in border.lake.rglob("*.parquet")} == versions
    assert result.changes == []


def test_one_new_month_among_many_is_the_only_file_that_is_read(border: Border):
    """Every older file is made unreadable behind its back, size and time as before: who reads it, fails."""
    for month in range(1, 13):
        rows = claims(20, claim_line_start_date=f"2023-{month:02}-15")
        for number, row in enumerate(rows[1:]):
            row[0] = f"{month}-{number}"
        border.put(f"claims/medical_claim_2023_{month:02}.csv", rows)
    border.put(SERVICES_FILE, services(20))
    border.take("claims")
    for path in border.landing.rglob("*.csv"):
        looked = path.stat()
        path.write_bytes(b"\0" * looked.st_size)
        os.utime(path, ns=(looked.st_atime_ns, looked.st_mtime_ns))
    border.put(FILE, claims(5))
    result = border.take("claims")
    assert (result.read, result.refused) == ([FILE], {})
    assert result.rows == {"provider_service": 20, "medical_claim": 12 * 20 + 5} | {
        t: 0 for t in result.rows if t not in ("provider_service", "medical_claim")
    }
    assert border.ask("select count(*), count(distinct claim_id) from {}", "claims/medical_claim") == [(245, 245)]
