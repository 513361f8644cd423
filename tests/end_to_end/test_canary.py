"""No patient and no secret in anything that a night leaves behind: every file of the home is searched, tables cell by cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.conftest import SECRET

PATIENT = re.compile(r"[PM]\d{8,9}(?!\d)")
# The day in a publisher's file name (P06302025) has the form of a patient number of the sample world.
RELEASE = re.compile(r"P(0[1-9]|1[0-2])[0-3]\d20\d\d")


@pytest.fixture(scope="module")
def patients(world) -> set[str]:
    """Every patient and member number that the landing zone holds."""
    files = sorted(str(path) for path in (world.landing / "claims").glob("medical_claim*"))
    found: set[str] = set()
    with duckdb.connect() as connection:
        for file in files:
            reader = "read_parquet" if file.endswith(".parquet") else "read_csv"
            options = "" if file.endswith(".parquet") else ", all_varchar = true"
            rows = connection.execute(
                f"select distinct person_id, member_id from {reader}('{file}'{options})"
            ).fetchall()
            found.update(str(value) for row in rows for value in row if value and not RELEASE.fullmatch(value))
    return found


def texts_of(path: Path, reader: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """All that a file says: the cells of tables, which are packed, and the bytes of everything."""
    yield path.read_bytes().decode("latin-1")
    if path.suffix == ".parquet":
        yield cells_of(reader, f"read_parquet('{path}')")
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall():
                yield cells_of(connection, f'"{schema}"."{table}"')


def cells_of(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Every cell of a table once, each on a line of its own."""
    texts = f"unpivot (select columns(*)::varchar from {table}) on columns(*) into name place value cell"
    return connection.execute(f"select string_agg(distinct cell, chr(10)) from ({texts})").fetchone()[0] or ""


@dataclass
class Finds:
    """What a search of one home turned up, by place."""

    patients: dict[str, set[str]] = field(default_factory=dict)
    keys: dict[str, set[str]] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    searched: int = 0


@pytest.fixture(scope="module")
def finds(first_night, patients) -> Finds:
    home, found = first_night.home, Finds()
    claims = home / "lake" / "raw" / "claims" / "medical_claim"
    (keys,) = duckdb.execute(f"select list(distinct person_key) from read_parquet('{claims}/*.parquet')").fetchone()
    key = (home / "patient.key").read_bytes()
    secrets = [SECRET, key.decode("latin-1"), key.hex()]
    assert len(patients) > 1000
    assert len(keys) > 1000
    # A version of the lake lies in two places as one file; the warehouse holds what was read from there.
    once = {path.stat().st_ino: path for path in sorted(home.rglob("*")) if path.is_file()}.values()
    reader = duckdb.connect()
    places = {
        path.relative_to(home).as_posix(): texts_of(path, reader)
        for path in once
        if home / "warehouse" not in path.parents
    }
    places["the summary"] = iter([first_night.text])
    for place, texts in places.items():
        if place == "patient.key":
            continue
        for text in texts:
            if met := patients & set(PATIENT.findall(text)):
                found.patients.setdefault(place, set()).update(met)
            if met := set(keys) & set(re.findall(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", text)):
                found.keys.setdefault(place, set()).update(met)
            if any(secret in text for secret in secrets):
                found.secrets.add(place)
        found.searched += 1
    return found


def test_no_patient_number_is_left_anywhere(finds):
    assert finds.searched > 200
    assert finds.patients == {}


def test_the_hashed_keys_of_patients_stay_in_the_lake(finds):
    assert {place.split("/")[0] for place in finds.keys} == {"lake"}


def test_no_secret_is_left_anywhere(finds):
    assert finds.secrets == set()


def test_the_key_of_the_home_is_its_owners_alone(first_night):
    assert (first_night.home / "patient.key").stat().st_mode & 0o077 == 0
