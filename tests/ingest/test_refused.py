"""Files that cannot be trusted as a whole: refused in words that say what to do, and what was accepted before stays."""

import gzip
import io
import os
import zipfile

import duckdb
import pytest

from tests.ingest.conftest import SERVICES, SERVICES_FILE, claims, services
from tests.ingest.test_accepted import as_csv

GOOD = as_csv(services(40)).encode()


def packed(content: bytes, name: str = "a.csv", more: str | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        if more:
            archive.writestr(more, content)
    return out.getvalue()


def flipped(content: bytes) -> bytes:
    middle = len(content) - 6
    return content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :]


def renamed(old: str, new: str) -> bytes:
    return GOOD.replace(old.encode(), new.encode(), 1)


FAULTS = {
    "empty": (".csv", b"", "the file is empty"),
    "header only": (".csv", GOOD.splitlines()[0] + b"\n", "a header and no row"),
    "web page": (".csv", b"<!DOCTYPE html><html><body>404 Not Found</body></html>", "'<!DOCTYPE html><html><body>404"),
    "json answer": (".csv", b'{"error": "try later"}', "answer of a server"),
    "utf-16": (".csv", GOOD.decode().encode("utf-16"), "UTF-16"),
    "NUL bytes": (".csv", GOOD.replace(b"Boston", b"Bos\0ton", 1), "line 2: unreadable: NUL byte"),
    "unclosed quote": (".csv", GOOD.replace(b"Boston", b'"Boston', 1), "line 2: unclosed_quote"),
    "doubled header": (".csv", GOOD.replace(b"\r\n", b",x\r\n").replace(b",x", b",Rndrng_NPI ", 1), "more than once"),
    "renamed header": (".csv", renamed("Tot_Srvcs", "Total_Services"), "missing columns: tot_srvcs; unknown columns: total_services"),
    "title line": (".csv", b"Medicare 2022\n" + GOOD, "remove what is above it"),
    "wrapped lines": (".csv", b"\n".join(b'"' + line + b'"' for line in GOOD.splitlines()), "wrapped in quotes"),
    "semicolons": (".csv", GOOD.replace(b",", b";"), "neither comma nor tab"),
    "truncated gzip": (".csv.gz", gzip.compress(GOOD)[:-30], "damaged or cut short"),
    "flipped bit in gzip": (".csv.gz", flipped(gzip.compress(GOOD)), "damaged or cut short"),
    "truncated zip": (".zip", packed(GOOD)[:-30], "damaged or cut short"),
    "zip that leaves its folder": (".zip", packed(GOOD, "../a.csv"), "leaves its folder"),
    "zip of two": (".zip", packed(GOOD, more="b.csv"), "holds 2 files"),
    "swapped columns": (".csv", renamed("Rndrng_NPI", "HCPCS_Cd_").replace(b"HCPCS_Cd,", b"Rndrng_NPI,", 1).replace(b"HCPCS_Cd_", b"HCPCS_Cd", 1), "40 of 40 rows break a rule"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_file_is_refused_and_the_accepted_one_stays(border, fault):
    ending, content, said = FAULTS[fault]
    name = SERVICES_FILE.replace(".csv", ending)
    good = {".csv": GOOD, ".csv.gz": gzip.compress(GOOD), ".zip": packed(GOOD)}[ending]
    border.put(name, good)
    assert border.take("claims").rows["provider_service"] == 40
    border.put(name, content)
    result = border.take("claims")
    assert said in result.refused[name]
    assert name in result.refused[name]
    assert "stays in use" in result.refused[name]
    assert border.ask("select count(*) from {}", "claims/provider_service") == [(40,)]
    again = border.take("claims")
    assert said in again.refused[name]
    assert again.unchanged == [name]
    verdicts = {(row[2], row[7]) for row in border.border_table("file_versions")}
    assert verdicts == {(name, True), (name, False)}
    assert ("claims", "files_refused", "fail") in {row[:3] for row in border.border_table("checks")}
    assert not list(border.lake.glob("scratch/*/*"))


def test_a_broken_file_without_a_version_before_leaves_its_table_empty(border):
    border.put(SERVICES_FILE, b"")
    result = border.take("claims")
    assert SERVICES_FILE in result.refused
    assert result.is_missing
    assert border.ask("select count(*) from {}", "claims/provider_service") == [(0,)]


def test_more_than_the_tolerated_share_names_rule_line_column_and_value(border):
    rows = services(40)
    for row in rows[5:9]:
        row[SERVICES.index("Place_Of_Srvc")] = "Z"
    border.put(SERVICES_FILE, rows)
    message = border.take("claims").refused[SERVICES_FILE]
    assert "4 of 40 rows break a rule, more than the tolerated 5%" in message
    assert "unknown_code, first in line 6, column place_of_srvc, value 'Z'" in message


def test_a_file_without_a_year_says_how_to_tell_it(border):
    border.put("claims/services.csv", services(2))
    assert "year=YYYY/" in border.take("claims").refused["claims/services.csv"]


def test_what_no_publisher_writes_is_listed_with_the_nearest_layout(border):
    border.put("claims/members.csv", [["claim_id", "claim_type", "colour"], ["1", "x", "red"]])
    result = border.take("claims")
    assert not result.refused
    said = result.unrecognised["claims/members.csv"]
    assert "nearest layout: medical_claim" in said
    assert "unknown columns: colour" in said


def test_values_of_a_file_without_header_are_not_shown(border):
    border.put("claims/medical_claim.csv", "C1,1,professional,patient-17\nC2,1,professional,patient-18\n")
    border.take("claims")
    border.border_table("file_versions")
    assert all(b"patient-17" not in path.read_bytes() for path in border.lake.rglob("*") if path.is_file())


def test_a_link_out_of_the_landing_zone_is_refused(border, tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_bytes(GOOD)
    os.utime(outside, (1, 1))
    (border.landing / "claims").mkdir()
    (border.landing / SERVICES_FILE).symlink_to(outside)
    assert "link out of the landing zone" in border.take("claims").refused[SERVICES_FILE]


def test_a_damaged_parquet_file_is_refused(border, tmp_path):
    plain, whole = border.put("claims/medical_claim.csv", claims(3000)), tmp_path / "whole.parquet"
    with duckdb.connect() as con:
        con.execute(
            f"copy (from read_csv('{plain}', all_varchar = true)) to '{whole}' (format parquet, compression zstd)"
        )
    content = bytearray(whole.read_bytes())
    content[100:2000] = b"\xff" * 1900
    for name, damaged in {"cut": bytes(content[:-300]), "spoiled": bytes(content), "foreign": b"id,name\n"}.items():
        border.put(f"claims/medical_claim_{name}.parquet", damaged)
    result = border.take("claims")
    assert all(
        "damaged" in said or "no Parquet" in said or "cannot be told" in said for said in result.refused.values()
    )
    assert len(result.refused) == 3
    assert result.rows["medical_claim"] == 3000
