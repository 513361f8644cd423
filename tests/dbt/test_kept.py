"""Tables are kept from night to night while nothing that they are built of has changed, and whatever happened in between, a night
holds what a full build of that night holds. See dbt/README.md, "Kept from night to night".
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.parquet import quoted, write_query
from dagster_project.settings import Settings
from tests.dbt.test_unit_tests import write_empty_lake

DAY = date(2026, 6, 30)
SELECTED = ["+provider_payments", "+int_claim_services", "+int_patients_counted"]
KNEE = "select 'knee' as procedure_family, 'HCPCS' as code_system, '27447' as code, true as is_focus, 1 as _row"
MAKERS = "select 'Rival' as manufacturer, 'Rival Inc' as open_payments_name, '{relation}' as relation, 1 as _row"
PAYMENTS = """
    select 'r' || i as record_id, '1234567893' as covered_recipient_npi, 'UNCHANGED' as change_type,
        'Covered Recipient Physician' as covered_recipient_type, 'Rival Inc' as
        applicable_manufacturer_or_applicable_gpo_making_payment_name, 10 * i as total_amount_of_payment_usdollars,
        date '2025-03-01' as date_of_payment, 'Education' as nature_of_payment_or_transfer_of_value, 2025 as program_year,
        'p' as _file, i as _row, 2025 as _period, '20260615' as _release, date '2026-06-15' as _released_on
    from range(1, 4) as rows(i)
    -- Deleted in its own release, and written twice.
    union all
    select 'r9', '1234567893', 'DELETED', 'Covered Recipient Physician', 'Rival Inc', 7, date '2025-03-01', 'Education', 2025,
        'p', 9, 2025, '20260615', date '2026-06-15'
    union all
    select 'r1', '1234567893', 'UNCHANGED', 'Covered Recipient Physician', 'Rival Inc', 10, date '2025-03-01', 'Education', 2025,
        'p', 10, 2025, '20260615', date '2026-06-15'
"""
LINES = """
    select 'c' || i as claim_id, 1 as claim_line_number, 'professional' as claim_type, 'person' || i as person_key,
        date '2025-01-10' + cast(i * 20 as integer) as claim_line_start_date, '27447' as hcpcs_code, {quantity} as service_unit_quantity,
        '1234567893' as rendering_npi, 'vendor' as data_source, date '{filed}' as file_date, '{filed}' as _file, i as _row
    from range({lines}) as rows(i)
"""


class Land:
    """A small lake that changes from night to night, and the homes that are built over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Settings(home=folder / "home")
        self.home.paths.prepare()
        write_empty_lake(self.home.paths)
        self.write("company/settings", "company", "select 'Own' as name, 'UTC' as timezone, ['Own Inc'] as own_manufacturers,"
                   " 11 as cell_suppression_minimum, 510 as lag_days_cms_claims, 180 as lag_days_open_payments,"
                   " 30 as lag_days_claim_lines, 1 as fiscal_year_start_month")  # fmt: skip
        self.write("company/procedure_families", "families", KNEE)
        self.write("company/manufacturers", "makers", MAKERS.format(relation="competitor"))
        self.write(
            "registry/nppes",
            "people",
            "select '1234567893' as npi, '1' as entity_type_code, 'ROE' as last_name, 1 as _row",
        )
        self.write("open_payments/general", "payments", PAYMENTS)
        self.write("claims/medical_claim", "may", LINES.format(quantity=2, filed="2026-05-01", lines=20))

    def write(self, place: str, version: str, query: str) -> None:
        """One version of a table, as the border leaves it."""
        with duckdb.connect() as con:
            write_query(con, query, self.home.paths.raw / place / f"{version}.parquet")

    def withdraw(self, place: str, version: str) -> None:
        (self.home.paths.raw / place / f"{version}.parquet").unlink()

    def build(self, settings: Settings, day: date) -> set[str]:
        """One night; returns the models that were kept."""
        variables = ["--vars", json.dumps({"as_of": day.isoformat()})]
        result = warehouse.invoke(settings, ["run", "--select", *SELECTED, *variables])
        assert result.success, result.exception or [f"{r.node.name}: {r.message}" for r in result.result if r.message]
        return {r.node.name for r in result.result if r.message == "KEPT"}

    def night(self, day: date) -> set[str]:
        """The night in the home that remembers; it must hold what a home without a memory holds."""
        kept = self.build(self.home, day)
        fresh = Settings(home=self.folder / f"fresh_{len(list(self.folder.iterdir()))}")
        fresh.paths.prepare()
        for floor in ("raw", "ml"):
            (fresh.paths.lake / floor).rmdir() if (fresh.paths.lake / floor).exists() else None
            (fresh.paths.lake / floor).symlink_to(self.home.paths.lake / floor)
        assert self.build(fresh, day) == set()
        assert differing_tables(self.home.paths.warehouse, fresh.paths.warehouse) == {}
        return kept


def differing_tables(one: Path, other: Path) -> dict[str, int]:
    """Tables that differ between two warehouses, by the number of rows that only one of them has."""
    found = {}
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(one)} as one (read_only); attach {quoted(other)} as other (read_only)")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'one'"
        ).fetchall()
        assert len(tables) > 15
        for schema, table in tables:
            sides = f'one.{schema}."{table}"', f'other.{schema}."{table}"'
            rows = sum(
                con.execute(f"select count(*) from (select * from {a} except all select * from {b})").fetchone()[0]
                for a, b in (sides, reversed(sides))
            )
            if rows:
                found[table] = rows
    return found


@pytest.fixture(scope="module")
def land(tmp_path_factory) -> Land:
    land = Land(tmp_path_factory.mktemp("land"))
    land.build(land.home, DAY)
    return land


def rows_of(land: Land, query: str) -> list[tuple]:
    with duckdb.connect(str(land.home.paths.warehouse), read_only=True) as con:
        return con.execute(query).fetchall()


def all_kept() -> set[str]:
    wanted = warehouse.manifest()["nodes"].values()
    return {node["name"] for node in wanted if node["config"].get("materialized") == "kept"}


def test_the_same_night_again_keeps_every_such_table(land):
    kept = land.build(land.home, DAY)
    built = {name for (name,) in rows_of(land, "select table_name from duckdb_tables()")}
    assert kept == all_kept() & built
    assert {"int_general_payments", "int_claim_services", "provider_payments"} <= kept


def _restate(land: Land) -> date:
    land.write("claims/medical_claim", "june", LINES.format(quantity=5, filed="2026-06-01", lines=4))
    return DAY


def _rename(land: Land) -> date:
    land.withdraw("company/manufacturers", "makers")
    land.write("company/manufacturers", "others", MAKERS.format(relation="other"))
    land.withdraw("company/procedure_families", "families")
    land.write("company/procedure_families", "more", KNEE + " union all select 'hip', 'HCPCS', '27130', true, 2")
    return DAY


def _withdraw_and_go_back(land: Land) -> date:
    land.withdraw("claims/medical_claim", "june")
    return date(2026, 5, 15)


def _die_half_way(land: Land) -> date:
    """A table is there and half of it is missing; the night that wrote it did not get as far as to say what it holds."""
    with duckdb.connect(str(land.home.paths.warehouse)) as con:
        con.execute(
            "create or replace table intermediate.int_general_payments as from intermediate.int_general_payments limit 1"
        )
    return DAY + timedelta(days=1)


def _deliver_for_later(land: Land) -> date:
    land.write("claims/medical_claim", "july", LINES.format(quantity=3, filed="2026-07-10", lines=6))
    return DAY + timedelta(days=2)


def _wait_a_day(_: Land) -> date:
    return DAY + timedelta(days=3)


def _wait_until_it_is_known(_: Land) -> date:
    return DAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("happened", "still_kept", "built_anew"),
    [
        (_restate, {"int_general_payments", "provider_payments"}, {"int_claim_services"}),
        (_rename, {"int_public_provider_intervals"}, {"int_general_payments", "provider_payments"}),
        (_withdraw_and_go_back, set(), {"int_claim_services", "int_general_payments", "provider_payments"}),
        (_die_half_way, set(), {"int_general_payments", "provider_payments"}),
        (_deliver_for_later, {"int_claim_services", "int_patients_counted"}, {"int_claim_lines_dated"}),
        (_wait_a_day, {"int_claim_lines_dated", "int_claim_services", "int_claim_patients"}, set()),
        (_wait_until_it_is_known, {"int_general_payments"}, {"int_claim_lines_dated", "int_claim_services"}),
    ],
    ids=[
        "a restated file",
        "other families and relations",
        "a file withdrawn, and an earlier day",
        "a night killed",
        "a file of a later day",
        "a day without news",
        "a day on which lines become known",
    ],
)
def test_whatever_happened_a_night_holds_what_a_full_build_holds(
    land, happened: Callable[[Land], date], still_kept: set[str], built_anew: set[str]
):
    kept = land.night(happened(land))
    assert still_kept <= kept
    assert not built_anew & kept


def test_a_full_refresh_keeps_nothing(land):
    result = warehouse.invoke(
        land.home,
        ["run", "--full-refresh", "--select", "int_general_payments", "--vars", json.dumps({"as_of": str(DAY)})],
    )
    assert [r.message for r in result.result] != ["KEPT"]
