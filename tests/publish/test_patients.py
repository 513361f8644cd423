"""What ever left this home is remembered once, whatever night it left on, so that the next nights can keep their distance."""

from datetime import date

import duckdb
import pytest

from dagster_project.parquet import write_query
from dagster_project.publish import patients
from dagster_project.settings import Home

JANUARY = date(2025, 1, 1)


@pytest.fixture
def home(tmp_path) -> Home:
    home = Home(tmp_path)
    home.prepare()
    return home


def a_release(home: Home, name: str, knee: int | None, procedures: int | None = None):
    """A release as far as counts go: a month of diagnoses and a published year of procedures of one provider."""
    folder = home.releases / name
    with duckdb.connect() as connection:
        for mart, query, count in (
            ("provider_diagnoses", "select '1' as npi, 'knee' as diagnosis_family, 'month' as period_grain", knee),
            (
                "provider_procedures",
                "select '1' as npi, 'knee' as procedure_family, 'year' as period_grain, 'cms_claims' as claims_source",
                procedures,
            ),
        ):
            columns = "date '2025-01-01' as period_start, cast({} as bigint) as patients"
            query = f"{query}, {columns.format('null' if count is None else count)}"
            write_query(connection, query, folder / "parquet" / f"{mart}.parquet")
    return folder


def collected(home: Home) -> list[tuple]:
    files = home.raw / "history" / "patient_counts" / "*.parquet"
    with duckdb.connect() as connection:
        return connection.execute(
            f"select * from read_parquet('{files}', union_by_name = true) order by all"
        ).fetchall()


def test_a_first_night_has_a_typed_table_without_rows(home):
    assert patients.collect(home) == 0
    assert collected(home) == []


def test_each_different_count_is_remembered_once(home):
    kept = [
        patients.remember(home, a_release(home, f"night-{n}", knee, 90))
        for n, knee in enumerate((40, 40, None, 60, 40))
    ]
    assert kept == [2, 0, 0, 1, 0]
    assert patients.collect(home) == 3
    assert collected(home) == [
        ("1", "diagnosis", "knee", JANUARY, "month", "claim_lines", 40),
        ("1", "diagnosis", "knee", JANUARY, "month", "claim_lines", 60),
        ("1", "procedure", "knee", JANUARY, "year", "cms_claims", 90),
    ]


def test_a_night_that_was_killed_after_its_swap_is_remembered_by_the_next(home):
    home.current.symlink_to(a_release(home, "night-1", 40), target_is_directory=True)
    assert patients.collect(home) == 1


def test_the_minimum_is_the_companys_own(home):
    with duckdb.connect() as connection:
        write_query(
            connection, "select 20 as cell_suppression_minimum", home.raw / "company" / "settings" / "company.parquet"
        )
    assert patients.minimum(home) == 20
