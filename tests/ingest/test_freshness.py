"""How old data are is told by the data and judged at `as_of`: each feed against its own policy, whenever the night is run."""

from datetime import date

import pytest

from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.freshness import judged
from tests.ingest.conftest import TONIGHT

TASKS = "Id,OwnerId,ActivityDate,CreatedDate\n00T000000000001,005000000000001,2026-06-20,{}T10:00:00.000Z\n"
ACCOUNTS = "Id,Name,CreatedDate\n001000000000001,General,2020-01-01T10:00:00.000Z\n"
AFFILIATIONS = "NPI,facility_type,Facility Affiliations Certification Number\n1003000126,Hospital,100007\n"


def freshness(border, source: str, as_of: date = TONIGHT) -> tuple[str, str, str]:
    rows = [row for row in border.border_table("checks", as_of) if row[:2] == (source, "freshness")]
    assert len(rows) == 1
    return rows[0][2:5]


@pytest.mark.parametrize(
    ("newest", "status", "days"), [("2026-06-29", "pass", 1), ("2026-06-26", "pass", 4), ("2026-06-25", "warn", 5)]
)
def test_a_crm_is_as_new_as_the_newest_of_its_records(border, newest, status, days):
    border.put("crm/salesforce/Task.csv", TASKS.format(newest))
    border.put("crm/salesforce/Account.csv", ACCOUNTS)
    border.take("salesforce")
    found, observed, expected = freshness(border, "salesforce")
    assert (found, observed) == (status, f"task {newest} ({days} days)")
    assert "within 4 days: the field enters something on every working day" in expected


def test_the_day_of_the_refresh_is_the_only_clock(border):
    border.put("crm/salesforce/Task.csv", TASKS.format("2026-06-29"))
    border.take("salesforce", as_of=date(2026, 8, 1))
    assert freshness(border, "salesforce", date(2026, 8, 1))[:2] == ("warn", "task 2026-06-29 (33 days)")


def test_a_record_of_the_future_makes_nothing_fresh(border):
    border.put(
        "crm/salesforce/Task.csv",
        TASKS.format("2026-06-01") + TASKS.format("2031-01-01").split("\n", 1)[1].replace("01,", "02,"),
    )
    border.take("salesforce")
    assert freshness(border, "salesforce")[:2] == ("warn", "task 2026-06-01 (29 days)")


def test_a_copy_is_as_old_as_its_name_says_and_each_feed_is_judged_by_itself(border):
    border.put("registry/Facility_Affiliation_2026-06-01.csv", AFFILIATIONS)
    border.take("registry")
    assert freshness(border, "registry")[:2] == ("pass", "facility_affiliation 2026-06-01 (29 days)")
    late = date(2026, 9, 1)
    border.take("registry", as_of=late)
    assert freshness(border, "registry", late)[:2] == ("warn", "facility_affiliation 2026-06-01 (92 days)")


def test_an_undated_copy_is_said_to_be_undated(border):
    border.put("registry/Facility_Affiliation.csv", AFFILIATIONS)
    border.take("registry")
    assert freshness(border, "registry")[:2] == ("pass", "facility_affiliation undated")


def test_every_source_but_the_companys_own_files_has_a_policy_with_its_reason():
    kept_by_hand = {"company", "reference"}
    for source in SOURCES:
        assert bool(judged(source)) == (source.name not in kept_by_hand), source.name
        assert all(contract.fresh.because and contract.fresh.days > 0 for contract in judged(source))
