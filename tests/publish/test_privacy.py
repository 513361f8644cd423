"""What looks like a patient is found by its name or its form, and ordinary columns of the field are not."""

import duckdb
import pytest

from dagster_project.publish.privacy import suspicious_cells, suspicious_columns


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize(
    "column",
    ["person_id", "person_key", "Patient_Name", "member_id", "birth_date", "patient_date_of_birth", "ssn", "bene_id", "patient_mrn"],
)  # fmt: skip
def test_a_column_named_like_a_patient_is_found(connection, column):
    connection.execute(f"create table calls (call_id text, {column} text)")
    assert suspicious_columns(connection) == [f"calls.{column}"]


def test_ordinary_columns_are_not(connection):
    connection.execute("""
        create table t (npi text, patients int, is_suppressed bool, contact_id text, last_name text, name text, enumerated_on date,
            why text, reason text, keyword text, facility_id text, members int, peer_median double)
    """)
    assert suspicious_columns(connection) == []


@pytest.mark.parametrize(
    "text", ["1EG4-TE5-MK73", "1EG4TE5MK73", "case of 1EG4TE5MK73, hip", '[{"value": "219-09-9999"}]']
)
def test_a_cell_of_a_patients_form_is_counted_and_not_shown(connection, text):
    connection.execute("create table t (note text, other int)")
    connection.execute("insert into t values (?, 1), ('nothing', 2)", [text])
    assert suspicious_cells(connection) == ["t.note (1 cells)"]


def test_ids_of_the_field_have_another_form(connection):
    connection.execute("create table t (note text)")
    for text in (
        "1003000126", "010001", "003Nq00000MXh2CIAT", "2025-06-30", "555-123-4567", "MUP_PHY_R24_P05_V10_D22", "27447",
        "a3f9c2d1e4b5f6a7", "666-12-1234", "20260630-20260701T020000123456",
    ):  # fmt: skip
        connection.execute("insert into t values (?)", [text])
    assert suspicious_cells(connection) == []
