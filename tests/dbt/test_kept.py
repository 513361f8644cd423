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
from tests.end_to_end.built_by_day import compile_project

DAY = date(2026, 6, 30)
SELECTED = [
    "--select",
    "+provider_payments",
    "+int_patients_counted",
    "+features_provider_months",
    "+features_provider_diagnoses",
]
SETTINGS = """
    select 'Own' as name, 'UTC' as timezone, ['Own Inc'] as own_manufacturers, 11 as cell_suppression_minimum,
        510 as lag_days_cms_claims, 180 as lag_days_open_payments, {lag} as lag_days_claim_lines, 1 as fiscal_year_start_month,
        90 as patient_run_out_days
"""
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
CONTACTS = """
    select 'known' as id, 'Roe' as lastname, '1234567893' as npi__c, {refuses} as donotcall,
        timestamp '2025-01-01 08:00:00' as createddate, 'Contact.csv' as _file, 1 as _row
    union all
    select 'unknown', 'Doe', null, false, timestamp '2025-01-01 08:00:00', 'Contact.csv', 2
"""
CALLS = """
    select 'e' || i as id, case when i % 2 = 0 then 'known' else 'unknown' end as whoid, 'Call' as type, 'Completed' as status,
        timestamp '2025-08-10 09:00:00' + to_days(cast(40 * i as integer)) as startdatetime,
        timestamp '2025-08-10 18:00:00' + to_days(cast(40 * i as integer)) as createddate, 'Event.csv' as _file, i as _row
    from range({calls}) as rows(i)
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
        self.fresh = compile_project(folder / "compiled", *SELECTED)
        self.write("company/settings", "company", SETTINGS.format(lag=30))
        self.write("company/procedure_families", "families", KNEE)
        self.write("company/manufacturers", "makers", MAKERS.format(relation="competitor"))
        self.write(
            "registry/nppes",
            "people",
            "select '1234567893' as npi, '1' as entity_type_code, 'ROE' as last_name, 1 as _row",
        )
        self.write("open_payments/general", "payments", PAYMENTS)
        self.write("salesforce/contact", "all", CONTACTS.format(refuses=False))
        self.write("salesforce/event", "all", CALLS.format(calls=7))
        self.write("claims/medical_claim", "may", LINES.format(quantity=2, filed="2026-05-01", lines=20))

    def write(self, place: str, version: str, query: str) -> None:
        """One version of a table, as the border leaves it."""
        with duckdb.connect() as con:
            write_query(con, query, self.home.paths.raw / place / f"{version}.parquet")

    def withdraw(self, place: str, version: str) -> None:
        (self.home.paths.raw / place / f"{version}.parquet").unlink()

    def build(self, day: date) -> dict[str, str]:
        """One night in the home that remembers; returns what dbt says of each model."""
        variables = ["--vars", json.dumps({"as_of": day.isoformat()})]
        result = warehouse.invoke(self.home, ["run", *SELECTED, *variables])
        assert result.success, result.exception or [f"{r.node.name}: {r.message}" for r in result.result if r.message]
        return {r.node.name: r.message for r in result.result}

    def night(self, day: date) -> dict[str, str]:
        """Such a night, which must hold what plain SQL over an empty warehouse holds."""
        said = self.build(day)
        fresh = self.folder / f"fresh_{len(list(self.folder.iterdir()))}" / "warehouse.duckdb"
        fresh.parent.mkdir()
        self.fresh.build(self.home.paths.lake, day, fresh)
        assert differing_tables(self.home.paths.warehouse, fresh) == {}
        return said


def kept_whole(said: dict[str, str]) -> set[str]:
    return {model for model, message in said.items() if message == "KEPT"}


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
    land.build(DAY)
    return land


def rows_of(land: Land, query: str) -> list[tuple]:
    with duckdb.connect(str(land.home.paths.warehouse), read_only=True) as con:
        return con.execute(query).fetchall()


def all_kept() -> set[str]:
    wanted = warehouse.manifest()["nodes"].values()
    return {node["name"] for node in wanted if node["config"].get("materialized") == "kept"}


def test_the_same_night_again_keeps_every_such_table(land):
    kept = kept_whole(land.build(DAY))
    built = {name for (name,) in rows_of(land, "select table_name from duckdb_tables()")}
    assert kept == all_kept() & built
    assert {"int_general_payments", "int_claim_services", "provider_payments"} <= kept


def _restate_and_rename(land: Land) -> date:
    land.write("claims/medical_claim", "june", LINES.format(quantity=5, filed="2026-06-01", lines=4))
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
        con.execute("comment on table features.features_provider_months is null")
        con.execute("delete from features.features_provider_months where snapshot_on > date '2026-04-30'")
    return DAY + timedelta(days=1)


def _deliver_for_later_and_call(land: Land) -> date:
    """A delivery of next week, and a call of last week that the CRM tells now."""
    land.write("claims/medical_claim", "july", LINES.format(quantity=3, filed="2026-07-10", lines=6))
    land.write("salesforce/event", "all", CALLS.format(calls=9))
    return DAY + timedelta(days=2)


def _deliver_too_late_and_decide(land: Land) -> date:
    """Lines of March arrive with the day on which they should have come; a steward says who somebody is, who refuses calls now."""
    land.write(
        "claims/medical_claim", "late", LINES.format(quantity=7, filed="2026-03-15", lines=9).replace("'c'", "'late'")
    )
    decision = "select 'unknown' as contact_id, '1234567893' as npi, 'link' as decision, 1 as _row"
    land.write("company/link_decisions", "steward", decision)
    land.write("salesforce/contact", "all", CONTACTS.format(refuses=True))
    return DAY + timedelta(days=2)


def _wait_longer_for_lines(land: Land) -> date:
    """Another lag of lines without a day of their own, and the day on which those of July become known."""
    land.write("company/settings", "company", SETTINGS.format(lag=60))
    return DAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("happened", "still_kept", "built_anew"),
    [
        (_restate_and_rename, {"int_public_provider_intervals"}, {"int_claim_services", "provider_payments"}),
        (_withdraw_and_go_back, set(), {"int_claim_services", "int_general_payments", "provider_payments"}),
        (_die_half_way, set(), {"int_general_payments", "provider_payments", "features_provider_months"}),
        (
            _deliver_for_later_and_call,
            {"int_claim_services", "int_patients_counted", "int_general_payments"},
            {"int_claim_lines_dated", "int_calls", "features_provider_months"},
        ),
        (
            _deliver_too_late_and_decide,
            {"int_general_payments"},
            {"int_volume_by_snapshot", "int_calls", "features_provider_months"},
        ),
        (_wait_longer_for_lines, {"int_public_provider_intervals"}, {"int_claim_services", "int_volume_by_snapshot"}),
    ],
    ids=[
        "a restated file, other families and relations",
        "a file withdrawn, and an earlier day",
        "a night killed",
        "a file of a later day, and a call",
        "a file that came too late, a steward's decision, a refusal",
        "another lag, and a day on which lines become known",
    ],
)
def test_whatever_happened_a_night_holds_what_a_full_build_holds(
    land, happened: Callable[[Land], date], still_kept: set[str], built_anew: set[str]
):
    kept = kept_whole(land.night(happened(land)))
    assert still_kept <= kept
    assert not built_anew & kept


def test_a_day_is_built_alone_when_all_before_it_stand(land):
    """Tonight's day comes, yesterday's goes; the month-ends before them, and there are some, are not touched."""
    said = land.night(DAY + timedelta(days=11))
    assert {
        "int_claim_lines_dated",
        "int_claim_services",
        "int_claim_patients",
        "int_providers_registered",
    } <= kept_whole(said)
    assert {
        said[model] for model in ("int_volume_by_snapshot", "int_activity_by_snapshot", "features_provider_months")
    } == {"KEPT BUT 2"}
    days = "select count(distinct snapshot_on) from features.features_provider_months where volume_12m > 0 and calls_12m > 0"
    assert rows_of(land, days)[0][0] > 3


def test_a_model_that_fails_leaves_the_table_of_the_night_before(land):
    file = land.home.paths.raw / "open_payments" / "general" / "payments.parquet"
    content, before = file.read_bytes(), rows_of(land, "from intermediate.int_general_payments order by all")
    assert before
    file.write_text("no table")
    models = ["--select", "int_general_payments", "--vars", json.dumps({"as_of": str(DAY)})]
    assert not warehouse.invoke(land.home, ["run", *models]).success
    assert rows_of(land, "from intermediate.int_general_payments order by all") == before
    file.write_bytes(content)
    assert warehouse.invoke(land.home, ["run", *models]).success


def test_a_full_refresh_keeps_nothing(land):
    result = warehouse.invoke(
        land.home,
        ["run", "--full-refresh", "--select", "int_general_payments", "--vars", json.dumps({"as_of": str(DAY)})],
    )
    assert [r.message for r in result.result] != ["KEPT"]
