"""A home remembers what it published: earlier days only, the first reason of a failure, the running refresh last."""

import json
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dagster_project import history
from dagster_project.parquet import write_frame
from dagster_project.refresh import Identity
from dagster_project.settings import Home

DAYS = (date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1))
TONIGHT = Identity("20260630-2", DAYS[1], datetime(2026, 6, 30, 20), "0.1.0")


@pytest.fixture
def home(tmp_path) -> Home:
    home = Home(tmp_path)
    home.prepare()
    return home


def a_release(home: Home, day: date, npis: list[str]) -> Path:
    """A release as far as history reads it, with a column that no night remembers."""
    folder = home.releases / day.isoformat()
    changes = {"npi": npis, "territory_id": "T1", "change": "added", "reason": "new"}
    listed = {"npi": npis, "territory_id": "T1", "rep_id": "r1", "tier": "A", "rank": range(1, len(npis) + 1)}
    listed |= {"calls_per_quarter": 6, "assignment": "treat", "adoption_probability": 0.1, "open_revenue_usd": 9.5}
    listed |= {"kept_share": 0.8, "drive_minutes": 12.5}
    flags = {"kind": "rising", "subject_type": "provider", "subject_id": npis, "first_flagged_on": day}
    for table, columns in (("target_list", listed), ("target_list_changes", changes), ("blind_spots", flags)):
        types = {**history.KEPT[table], "why": "text"}
        write_frame(pd.DataFrame({**columns, "why": "because"}), types, folder / "parquet" / f"{table}.parquet")
    return folder


def remembered(home: Home, table: str) -> list[tuple]:
    """What dbt reads of a table of history."""
    files = home.raw / "history" / table / "*.parquet"
    columns = ", ".join([*history.KEPT[table], "as_of"])
    with duckdb.connect() as connection:
        return connection.execute(
            f"select {columns} from read_parquet('{files}', union_by_name = true) order by all"
        ).fetchall()


def nights_of(rows: int) -> dict[str, int]:
    return {**dict.fromkeys(history.KEPT, rows), "crm_refusals": 0, "patient_counts": 0}


def test_a_first_night_has_typed_tables_without_rows(home):
    assert history.write_earlier(home, DAYS[0]) == nights_of(0)
    assert remembered(home, "target_list") == remembered(home, "blind_spots") == []


def test_a_night_sees_earlier_days_only(home):
    for day, npi in zip(DAYS, ("1", "2", "3"), strict=True):
        history.remember(home, day, a_release(home, day, [npi]))
    assert history.write_earlier(home, DAYS[2]) == nights_of(2)
    assert history.write_earlier(home, DAYS[1]) == nights_of(1)
    assert remembered(home, "target_list") == [("1", "T1", "r1", "A", 1, 6, "treat", 0.1, 9.5, 0.8, 12.5, DAYS[0])]
    assert remembered(home, "blind_spots") == [("rising", "provider", "1", DAYS[0], DAYS[0])]


def test_a_night_before_all_others_forgets_what_a_later_one_saw(home):
    history.remember(home, DAYS[0], a_release(home, DAYS[0], ["1"]))
    history.write_earlier(home, DAYS[1])
    assert history.write_earlier(home, DAYS[0]) == nights_of(0)
    assert remembered(home, "target_list") == []


def test_a_repeated_night_replaces_what_was_remembered_of_it(home):
    history.remember(home, DAYS[0], a_release(home, DAYS[0], ["1", "2"]))
    history.remember(home, DAYS[0], a_release(home, DAYS[0], ["3"]))
    history.write_earlier(home, DAYS[1])
    assert [row[0] for row in remembered(home, "target_list")] == ["3"]


def test_a_night_of_before_a_column_was_kept_is_read_with_the_column_empty(home):
    old = {"npi": "text", "territory_id": "text", "rep_id": "text", "tier": "text", "rank": "int", "as_of": "date"}
    row = {"npi": ["7"], "territory_id": "T1", "rep_id": "r1", "tier": "B", "rank": 1, "as_of": DAYS[0]}
    write_frame(pd.DataFrame(row), old, home.history / "target_list" / f"{DAYS[0].isoformat()}.parquet")
    history.remember(home, DAYS[1], a_release(home, DAYS[1], ["8"]))
    history.write_earlier(home, DAYS[2])
    assert [row[:6] for row in remembered(home, "target_list")] == [
        ("7", "T1", "r1", "B", 1, None),
        ("8", "T1", "r1", "A", 1, 6),
    ]


def test_a_failure_keeps_its_first_reason(home):
    history.record_failure(home, TONIGHT, "core", "x" * 900)
    history.record_failure(home, TONIGHT, "volume", "no features")
    entry = json.loads((home.history / "refreshes" / f"{TONIGHT.refresh_id}.json").read_text())
    assert entry["status"] == "failed at core: " + "x" * 500
    assert entry["ended_at"]


def test_refreshes_are_as_they_ended_and_the_running_one_is_last(home):
    earlier = Identity("20260629-1", DAYS[0], datetime(2026, 6, 29, 20), "0.1.0")
    history.record_failure(home, earlier, "raw_claims", "no space left")
    assert history.write_refreshes(home, TONIGHT) == 2
    assert history.write_refreshes(home, TONIGHT) == 2
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select refresh_id, as_of, started_at, status from read_parquet('{home.raw / 'border' / 'refreshes'}/*.parquet')"
        ).fetchall()
    assert rows == [
        ("20260629-1", DAYS[0], datetime(2026, 6, 29, 20), "failed at raw_claims: no space left"),
        ("20260630-2", DAYS[1], datetime(2026, 6, 30, 20), "running"),
    ]


def a_night_with_refusals(home: Home, day: date, contacts: list[str]) -> None:
    """The refusals of a built warehouse, remembered."""
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema if not exists intermediate")
        connection.execute(
            "create or replace table intermediate.int_crm_refusals as select unnest($1) as contact_id,"
            " '1234567893' as npi, 'DO_NOT_CALL' as rule, date '2025-01-01' as since",
            [contacts],
        )
    history.remember_refusals(home, day)


def test_a_refusal_that_was_lifted_does_not_come_back_when_its_record_is_deleted_later(home):
    """Each night holds all that still stands, so only the last one is asked."""
    for day, contacts in zip(DAYS, (["no", "lifted"], ["no"], []), strict=True):
        a_night_with_refusals(home, day, contacts)
    files = home.raw / "history" / "crm_refusals" / "*.parquet"
    told = {}
    for day in (*DAYS, date(2026, 7, 2)):
        history.write_earlier(home, day)
        with duckdb.connect() as connection:
            query = f"select contact_id from read_parquet('{files}', union_by_name = true) order by all"
            told[day] = [contact for (contact,) in connection.execute(query).fetchall()]
    assert list(told.values()) == [[], ["lifted", "no"], ["no"], []]
