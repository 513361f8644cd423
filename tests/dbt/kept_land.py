"""A small lake that changes from night to night, and what a home that remembers makes of it beside a full build.

Belongs here: what lies in it and how a night is built and compared. Not here: what happens to it (test_kept.py).
"""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb

from dagster_project import warehouse
from dagster_project.parquet import quoted, write_query
from dagster_project.settings import Settings
from tests.dbt.test_unit_tests import write_empty_lake
from tests.end_to_end.built_by_day import Project, compile_project

DAY = date(2026, 6, 30)
SELECTED = [
    "--select",
    "+provider_payments",
    "+int_provider_payment_totals",
    "+int_patients_publishable",
    "+provider_trajectories",
    "+features_provider_months",
    "+features_provider_diagnoses",
    "+features_volume_months",
    "+provider_procedures",
    "+int_territory_family_market",
    "+int_focus_months",
    "+int_volume_checks",
    "+int_provider_checks",
    "+int_territory_opportunity",
    "+int_contracts_by_snapshot",
    "+int_providers_opted_out",
    "+calls",
    "+provider_territories",
]
SETTINGS = """
    select 'Own' as name, 'UTC' as timezone, ['Own Inc'] as own_manufacturers, 1 as cell_suppression_minimum,
        510 as lag_days_cms_claims, 180 as lag_days_open_payments, {lag} as lag_days_claim_lines, 1 as fiscal_year_start_month,
        161 as patient_run_out_days
"""
KNEE = """
    select 'knee' as procedure_family, 'HCPCS' as code_system, '27447' as code, true as is_focus, 1 as _row
    union all
    select 'arthritis', 'ICD-10-CM', 'M17', false, 2
"""
OPTED_OUT = DAY + timedelta(days=2), DAY + timedelta(days=5)
RESTRICTIONS = f"""
    select '1234567893' as npi, 'PDRP' as list, date '{OPTED_OUT[0]}' as effective_from, date '{OPTED_OUT[1]}' as effective_to
"""
# One territory has the ZIP code until the day on which the opt-out begins, another a week later.
ALIGNED = f"""
    select '10001' as zip5, 'T1' as territory_id, cast(null as date) as valid_from, date '{OPTED_OUT[0]}' as valid_to
    union all
    select '10001', 'T2', date '{DAY + timedelta(days=9)}', null
"""
NPPES = """
    select '1234567893' as npi, '1' as entity_type_code, '{name}' as last_name, '10001' as practice_zip5,
        {released} as _released_on, 1 as _row
"""
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
    -- Three years old, of two providers, on two of the nights below.
    union all
    select 'r11', '1234567893', 'UNCHANGED', 'Covered Recipient Physician', 'Rival Inc', 11, date '2023-07-02', 'Education', 2023,
        'p', 11, 2025, '20260615', date '2026-06-15'
    union all
    select 'r12', '1003000126', 'UNCHANGED', 'Covered Recipient Physician', 'Own Inc', 12, date '2023-07-11', 'Education', 2023,
        'p', 12, 2025, '20260615', date '2026-06-15'
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
        case when i % 3 > 0 then 'M17' || {quantity} end as diagnosis_code_1,
        '1234567893' as rendering_npi, 'vendor' as data_source, date '{filed}' as file_date, '{filed}' as _file, i as _row
    from range({lines}) as rows(i)
"""
# Of a provider of whom claim lines tell from the middle of the year on.
PUBLISHED = """
    select '1003000126' as rndrng_npi, '27447' as hcpcs_cd, 'F' as place_of_srvc, 'I' as rndrng_prvdr_ent_cd, 24 as tot_srvcs,
        20 as tot_benes, 2022 as _period, 'r24' as _release, date '2024-05-01' as _released_on, 'public' as _file, 1 as _row
"""


def lines_of_another(claims: str, first: str, filed: str, lines: int) -> str:
    """Claim lines of the provider of `PUBLISHED`."""
    told = LINES.format(quantity=2, filed=filed, lines=lines)
    return told.replace("'c'", f"'{claims}'").replace("2025-01-10", first).replace("1234567893", "1003000126")


class Land:
    """A small lake that changes from night to night, and the home that is built over it."""

    def __init__(self, folder: Path, fresh: Project) -> None:
        self.folder = folder
        self.home = Settings(home=folder / "home")
        self.fresh = fresh

    @classmethod
    def begun(cls, folder: Path) -> "Land":
        """The lake as all begins with it, and its first night."""
        land = cls(folder, compile_project(folder / "compiled", *SELECTED))
        land.home.paths.prepare()
        write_empty_lake(land.home.paths)
        land.write("company/settings", "company", SETTINGS.format(lag=30))
        land.write("company/procedure_families", "families", KNEE)
        land.write("company/manufacturers", "makers", MAKERS.format(relation="competitor"))
        land.write("company/restrictions", "opted_out", RESTRICTIONS)
        land.write("company/territory_alignment", "aligned", ALIGNED)
        land.write("registry/nppes", "people", NPPES.format(name="ROE", released="cast(null as date)"))
        land.write("open_payments/general", "payments", PAYMENTS)
        land.write("salesforce/contact", "all", CONTACTS.format(refuses=False))
        land.write("salesforce/event", "all", CALLS.format(calls=7))
        land.write("claims/medical_claim", "may", LINES.format(quantity=2, filed="2026-05-01", lines=20))
        # A year that nothing of what happens touches.
        earlier = LINES.format(quantity=2, filed="2024-06-01", lines=2).replace("'c'", "'b'")
        land.write("claims/medical_claim", "before", earlier.replace("2025-01-10", "2024-01-10"))
        land.write("claims/provider_service", "published", PUBLISHED)
        land.write("claims/medical_claim", "another", lines_of_another("a", "2022-06-10", "2025-01-01", lines=40))
        land.build(DAY)
        return land

    def copy(self, folder: Path) -> "Land":
        """The same as it stands, to go on from."""
        shutil.copytree(self.home.paths.root, folder / "home")
        return Land(folder, self.fresh)

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
        differing = differing_tables(self.home.paths.warehouse, fresh)
        assert not differing, differing
        opted_out = rows_of(self, "from intermediate.int_providers_opted_out")
        assert bool(opted_out) == (OPTED_OUT[0] <= day <= OPTED_OUT[1])
        return said


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


def rows_of(land: Land, query: str) -> list[tuple]:
    with duckdb.connect(str(land.home.paths.warehouse), read_only=True) as con:
        return con.execute(query).fetchall()
