"""Each promise to readers is broken once in a tiny release, and the audit names it; a release that keeps them all passes."""

from pathlib import Path

import duckdb
import pytest

from dagster_project.publish.audit import AuditFailure, audit
from dagster_project.publish.export import Mart, write_parquet

PROMISED = {
    "forecasts": {
        "level": "varchar",
        "subject_id": "varchar",
        "quarter_start": "date",
        "expected_usd": "double",
        "closed_usd": "double",
    },
    "target_list": {"npi": "varchar", "rank": "bigint", "assignment": "varchar"},
    "withheld_targets": {"npi": "varchar", "rule": "varchar"},
    "provider_diagnoses": {
        "npi": "varchar",
        "diagnosis_family": "varchar",
        "period_start": "date",
        "period_grain": "varchar",
        "patients": "bigint",
        "is_suppressed": "boolean",
    },
}
MARTS = [Mart(name, "", columns, {}) for name, columns in PROMISED.items()]
ROWS = """
    insert into forecasts values
        ('territory', 'T1', '2026-07-01', 100.004, 10), ('territory', 'T2', '2026-07-01', 200, 5),
        ('company', 'company', '2026-07-01', 300, 15), ('rep', 'r1', '2026-07-01', 77, 7);
    insert into target_list values ('1000000004', 1, 'treat'), ('1000000012', 2, 'holdout');
    insert into withheld_targets values ('1000000020', 'NO_CONTACT'), ('1000000012', 'holdout');
    insert into provider_diagnoses values
        ('1000000004', 'knee', '2025-01-01', 'month', 40, false), ('1000000012', 'knee', '2025-01-01', 'month', null, true);
"""


def a_release(folder: Path, breach: str = "", late_breach: str = "") -> Path:
    """A release that keeps every promise, changed by SQL before (`breach`) or after its Parquet files are written."""
    database = folder / "fieldscope.duckdb"
    with duckdb.connect(str(database)) as connection:
        for name, columns in PROMISED.items():
            connection.execute(f"create table {name} ({', '.join(f'{c} {kind}' for c, kind in columns.items())})")
        connection.execute(ROWS + breach)
    write_parquet(database, folder / "parquet", MARTS, {})
    with duckdb.connect(str(database)) as connection:
        connection.execute(late_breach or "select 1")
    return folder


def findings(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(AuditFailure) as failure:
        audit(folder, MARTS, 11)
    assert all(f"- {found.check}: {found.message}" in str(failure.value) for found in failure.value.findings)
    return [(found.check, found.message) for found in failure.value.findings]


def test_a_release_that_keeps_its_promises_passes(tmp_path):
    audit(a_release(tmp_path), MARTS, 11)


BREACHES = {
    "a missing column": (
        "alter table target_list drop column rank",
        "promised columns",
        "target_list.rank should be bigint, is absent",
    ),
    "a wrong type": (
        "alter table target_list alter rank type integer",
        "promised columns",
        "target_list.rank should be bigint, is INTEGER",
    ),
    "a patient identifier in a mart": (
        "alter table provider_diagnoses add column Member_ID varchar",
        "no patient identifier",
        "provider_diagnoses.Member_ID looks like one",
    ),
    "a patient identifier beside the marts": (
        "create table notes (birth_date date)",
        "no patient identifier",
        "notes.birth_date looks like one",
    ),
    "expectations that do not add up": (
        "update forecasts set expected_usd = 180 where subject_id = 'T2'",
        "levels add up",
        "quarter 2026-07-01: territories expect 280 and have closed 15, the company 300 and 15",
    ),
    "closed money that does not add up": (
        "update forecasts set closed_usd = 14 where level = 'company'",
        "levels add up",
        "quarter 2026-07-01: territories expect 300 and have closed 15, the company 300 and 14",
    ),
    "a withheld provider on the list": (
        "insert into target_list values ('1000000020', 3, 'treat')",
        "who may not be listed",
        "1000000020 is on the target list and withheld by NO_CONTACT",
    ),
    "the volume of who opted out": (
        "insert into withheld_targets values ('1000000012', 'PDRP'); delete from target_list where npi = '1000000012'",
        "who opted out",
        "provider_diagnoses has 1 rows of physicians who opted out",
    ),
    "a suppressed count shown": (
        "update provider_diagnoses set patients = 30 where is_suppressed",
        "suppressed counts stay empty",
        "provider_diagnoses shows 1 patient counts that are marked as suppressed",
    ),
    "a small count": (
        "update provider_diagnoses set patients = 10 where not is_suppressed",
        "no small count of patients",
        "provider_diagnoses shows 1 counts of fewer than 11 patients",
    ),
    "a mart that counts patients by no rule": (
        "create table notes (patients bigint)",
        "no small count of patients",
        "notes counts patients, and no rule says which of its counts may be shown",
    ),
}


@pytest.mark.parametrize(("breach", "check", "message"), BREACHES.values(), ids=BREACHES)
def test_a_broken_promise_is_named(tmp_path, breach, check, message):
    assert findings(a_release(tmp_path, breach)) == [(check, message)]


def test_both_forms_hold_the_same_rows(tmp_path):
    folder = a_release(tmp_path, late_breach="delete from target_list where rank = 2")
    assert findings(folder) == [
        ("same rows in both forms", "target_list has 1 rows in the database and 2 in target_list.parquet")
    ]


def test_everything_that_is_wrong_is_said_at_once(tmp_path):
    breaches = "update provider_diagnoses set patients = 30; insert into target_list values ('1000000020', 3, 'treat')"
    assert [check for check, _ in findings(a_release(tmp_path, breaches))] == [
        "who may not be listed",
        "suppressed counts stay empty",
    ]


def test_a_quarter_without_its_company_row_is_named(tmp_path):
    folder = a_release(tmp_path, "delete from forecasts where level = 'company'")
    assert [check for check, _ in findings(folder)] == ["levels add up"]


def test_an_absent_file_is_named(tmp_path):
    folder = a_release(tmp_path)
    (folder / "parquet" / "target_list.parquet").unlink()
    assert findings(folder) == [("same rows in both forms", "parquet/target_list.parquet is absent")]


@pytest.mark.parametrize(
    ("patients", "is_told"), [(40, False), (43, True), (30, True), (50, True), (51, False), (29, False)]
)
def test_no_few_patients_by_subtraction_from_the_release_before(tmp_path, patients, is_told):
    (tmp_path / "before").mkdir()
    (tmp_path / "tonight").mkdir()
    earlier = a_release(tmp_path / "before")
    tonight = a_release(
        tmp_path / "tonight", f"update provider_diagnoses set patients = {patients} where not is_suppressed"
    )
    if not is_told:
        return audit(tonight, MARTS, 11, earlier)
    told = "provider_diagnoses shows 1 counts that differ by fewer than 11 patients from those of before"
    with pytest.raises(AuditFailure, match=told):
        audit(tonight, MARTS, 11, earlier)


def test_what_a_crm_is_to_load_is_audited_too(tmp_path):
    folder = a_release(tmp_path, "alter table target_list add column is_compliant boolean default true")
    (folder / "crm_writeback").mkdir()
    with duckdb.connect() as connection:
        withheld = "select 'salesforce' as crm, '1' as external_id, '1000000020' as npi"
        connection.execute(f"copy ({withheld}) to '{folder / 'crm_writeback' / 'whole.parquet'}'")
    message = "1000000020 is written back to a CRM, but is no target for the field"
    assert findings(folder) == [("who may not be listed", message)]
