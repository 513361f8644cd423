"""What a CRM is given each morning: the night's list by stable ids, only what changed, nothing of whoever has left."""

import csv
import json
import shutil
import stat

import duckdb
import pytest

from dagster_project.publish import crm_writeback_audit
from tests.publish.writeback_nights import HUBSPOT, NPIS, REP, Nights, record, target

VEEVA = "veeva/MC_Cycle_Plan_Target_vod__c.csv"


@pytest.fixture
def nights(tmp_path) -> Nights:
    return Nights(tmp_path)


def test_a_target_is_told_with_all_that_a_rep_needs(nights):
    done = nights.publish(
        "2026-06-29", [target(1, change="added", change_reason="new to the list", why="volume up 38 %")]
    )
    assert nights.rows() == [
        {
            "External_Id__c": NPIS[1],
            "Contact__c": "003000000000001AAA",
            "Account__c": "#N/A",
            "OwnerId": REP,
            "Is_Target__c": "true",
            "Territory__c": "T1",
            "Tier__c": "A",
            "Rank__c": "1",
            "Calls_per_Quarter__c": "6",
            "Change__c": "added",
            "Change_Reason__c": "new to the list",
            "Why__c": "volume up 38 %",
        }
    ]
    assert sorted(path.name for path in (done / "crm_writeback").iterdir()) == [
        "layouts.json",
        "salesforce",
        "whole.parquet",
        "without_contact.csv",
    ], "a home with one CRM gets the files of that one"


def test_the_files_are_hashed_and_read_only(nights):
    done = nights.publish("2026-06-29", [target(1)])
    hashes = json.loads((done / "manifest.json").read_text())["sha256"]
    files = [path for path in (done / "crm_writeback").rglob("*") if path.is_file()]
    assert {path.relative_to(done).as_posix() for path in files} <= set(hashes)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}


def test_a_night_that_changed_nothing_gives_headers_alone(nights):
    nights.publish("2026-06-29", [target(1, change="added", change_reason="new"), target(2, change="promoted")])
    nights.publish("2026-06-30", [target(1), target(2)])
    content = (nights.home.current / "crm_writeback/salesforce/Fieldscope_Target__c.csv").read_bytes()
    assert content.startswith(b"External_Id__c,")
    assert content.count(b"\n") == 1
    assert b"\r" not in content


def test_only_what_changed_is_told(nights):
    nights.publish("2026-06-29", [target(1), target(2), target(3)])
    nights.publish(
        "2026-06-30", [target(1), target(2, why="contract ends in 71 days"), target(3, tier="B", change="demoted")]
    )
    assert [(row["External_Id__c"], row["Tier__c"], row["Change__c"]) for row in nights.rows()] == [
        (NPIS[2], "A", "kept"),
        (NPIS[3], "B", "demoted"),
    ]


@pytest.mark.parametrize(
    "left",
    [[], [target(1, assignment="holdout")], [target(1, is_compliant=False)]],
    ids=["off the list", "held out", "against a rule"],
)
def test_whoever_left_is_cleared_the_next_morning_and_nobody_learns_why(nights, left):
    nights.publish("2026-06-29", [target(1), target(2)])
    nights.publish("2026-06-30", [target(2), *left])
    (row,) = nights.rows()
    kept = {"External_Id__c": NPIS[1], "Contact__c": "003000000000001AAA", "OwnerId": REP, "Is_Target__c": "false"}
    assert row == dict.fromkeys(row, "#N/A") | kept
    nights.publish("2026-07-01", [target(2)])
    assert nights.rows() == []


def test_a_reason_for_a_kept_target_is_told(nights):
    nights.publish("2026-06-29", [target(1)])
    nights.publish("2026-06-30", [target(1, change_reason="moved to another rep")])
    assert [row["Change_Reason__c"] for row in nights.rows()] == ["moved to another rep"]


def test_a_night_of_before_a_column_was_there_is_understood(nights):
    nights.publish("2026-06-29", [target(1)])
    path = nights.home.history / "crm_writeback" / "2026-06-29.parquet"
    with duckdb.connect() as connection:
        old = connection.execute(f"select * exclude (change_reason) from '{path}'").to_arrow_table()
        connection.register("old", old)
        connection.execute(f"copy old to '{path}' (format parquet)")
    shutil.rmtree(nights.home.current.resolve() / "crm_writeback")
    nights.publish("2026-06-30", [target(1)])
    assert nights.rows() == []


def test_a_target_that_comes_back_is_told_again(nights):
    nights.publish("2026-06-28", [target(1)])
    nights.publish("2026-06-29", [])
    nights.publish("2026-06-30", [target(1, change="added")])
    assert [row["Is_Target__c"] for row in nights.rows()] == ["true"]


def test_a_night_repeated_gives_the_same_bytes(nights):
    nights.publish("2026-06-29", [target(1)])
    files = [nights.publish("2026-06-30", [target(1, rank=7), target(2)]) for _ in range(2)]
    contents = [(done / "crm_writeback/salesforce/Fieldscope_Target__c.csv").read_bytes() for done in files]
    assert contents[0] == contents[1]
    assert contents[0].count(b"\n") == 3


def test_what_the_first_try_of_a_night_gave_is_taken_back_by_the_second(nights):
    nights.publish("2026-06-29", [target(1)])
    nights.publish("2026-06-30", [target(1, tier="B"), target(2)])
    nights.publish("2026-06-30", [target(1)])
    assert [(row["External_Id__c"], row["Tier__c"], row["Is_Target__c"]) for row in nights.rows()] == [
        (NPIS[1], "A", "true"),
        (NPIS[2], "#N/A", "false"),
    ]


def test_a_night_killed_before_it_was_remembered_is_not_forgotten(nights):
    nights.publish("2026-06-29", [target(1)])
    for memory in (nights.home.history / "crm_writeback").iterdir():
        memory.unlink()
    nights.publish("2026-06-30", [])
    assert [row["Is_Target__c"] for row in nights.rows()] == ["false"]


def test_a_past_night_gives_what_it_gave_and_tonight_is_not_misled_by_it(nights):
    first = nights.publish("2026-06-29", [target(1)])
    nights.publish("2026-06-30", [target(1), target(2)])
    again = nights.publish("2026-06-29", [target(1)])
    name = "crm_writeback/salesforce/Fieldscope_Target__c.csv"
    assert (again / name).read_bytes() == (first / name).read_bytes()
    nights.publish("2026-07-01", [target(1), target(2)])
    assert nights.rows() == []


def test_who_has_no_contact_is_listed_apart_with_what_makes_one(nights):
    nights.publish("2026-06-29", [target(1), target(9)])
    (row,) = nights.rows("without_contact.csv")
    assert (row["crm"], row["npi"], row["cause"]) == ("salesforce", NPIS[9], "no contact is linked to the provider")
    assert (row["last_name"], row["zip5"], row["tier"]) == ('\'=Sharp, "Ü"', "02115", "A")
    nights.publish("2026-06-30", [target(1), target(9, assignment="holdout")])
    assert nights.rows("without_contact.csv") == []


def test_a_person_account_is_looked_up_as_an_account_and_a_rep_of_another_system_owns_nothing(nights):
    nights.records = [record(1, record_id="001000000000001AAA", is_person_account=True)]
    nights.publish("2026-06-29", [target(1, rep_id="lead@acme.example")])
    (row,) = nights.rows()
    assert (row["Contact__c"], row["Account__c"], row["OwnerId"]) == ("#N/A", "001000000000001AAA", "")


def test_of_several_records_the_one_that_stands_for_the_provider_is_written(nights):
    nights.records = [record(1, record_id="003000000000009AAA", stands_for_provider=False), record(1)]
    nights.publish("2026-06-29", [target(1)])
    assert [row["Contact__c"] for row in nights.rows()] == ["003000000000001AAA"]


def test_veeva_gets_targets_of_the_reps_plan_and_an_ended_plan_keeps_what_was_planned(nights):
    nights.records = [record(n, "veeva") for n in range(4)]
    nights.plans, nights.files = [(REP, "a1Qspring")], ["crm/veeva/Account.csv"]
    nights.publish("2026-06-29", [target(1), target(2), target(3, rep_id="005000000000002AAA")])
    first, _ = nights.rows(VEEVA)
    assert first["External_Id_vod__c"] == f"a1Qspring-{record(1, 'veeva')['record_id']}"
    assert (first["Cycle_Plan_vod__c"], first["Target_vod__c"]) == ("a1Qspring", "001000000000001AAA")
    assert (first["Planned_Interactions_vod__c"], first["Fieldscope_Tier__c"]) == ("6", "A")
    assert [row["cause"] for row in nights.rows("without_contact.csv")] == ["the rep has no cycle plan"]
    nights.publish("2026-06-30", [target(1)])
    assert [(row["Planned_Interactions_vod__c"], row["Fieldscope_Why__c"]) for row in nights.rows(VEEVA)] == [
        ("0", "#N/A")
    ]
    nights.plans = [(REP, "a1Qsummer")]
    nights.publish("2026-07-01", [target(1)])
    planned = {row["Cycle_Plan_vod__c"]: row["Planned_Interactions_vod__c"] for row in nights.rows(VEEVA)}
    assert planned == {"a1Qspring": "", "a1Qsummer": "6"}


def test_a_vault_gets_its_own_names(nights):
    nights.records, nights.plans = [record(1, "veeva", record_id="V4L000000001001")], [(REP, "V7C1")]
    nights.files = ["crm/veeva/account__v.csv"]
    nights.publish("2026-06-29", [target(1)])
    (row,) = nights.rows("veeva/mc_cycle_plan_target__v.csv")
    assert row["external_id__v"] == "V7C1-V4L000000001001"
    assert (row["target__v"], row["planned_interactions__v"], row["fieldscope_tier__c"]) == (
        "V4L000000001001",
        "6",
        "A",
    )


def test_hubspot_gets_properties_of_the_contact_and_empty_ones_of_whoever_left(nights):
    nights.records = [record(1, "hubspot"), record(2, "hubspot")]
    nights.publish("2026-06-29", [target(1), target(2)])
    assert [(row["hs_object_id"], row["fieldscope_target"]) for row in nights.rows(HUBSPOT)] == [
        ("501", "true"),
        ("502", "true"),
    ]
    nights.publish("2026-06-30", [target(1)])
    (row,) = nights.rows(HUBSPOT)
    assert row == dict.fromkeys(row, "") | {"hs_object_id": "502", "fieldscope_target": "false"}


def test_a_contact_that_does_not_hold_the_unique_npi_would_become_a_second_one(nights):
    nights.fields("contacts:\n  hs_object_id: npi\n")
    nights.records = [record(1, "hubspot"), record(2, "hubspot", link_basis="name")]
    nights.publish("2026-06-29", [target(1), target(2)])
    assert [row["npi"] for row in nights.rows(HUBSPOT)] == [NPIS[1]]
    assert [row["npi"] for row in nights.rows("without_contact.csv")] == [NPIS[2]]


def test_two_crms_get_their_files_each(nights):
    nights.records = [record(1), record(1, "hubspot"), record(2, "hubspot")]
    nights.publish("2026-06-29", [target(1), target(2)])
    assert [row["External_Id__c"] for row in nights.rows()] == [NPIS[1]]
    assert [row["hs_object_id"] for row in nights.rows(HUBSPOT)] == ["501", "502"]


def findings(nights: Nights, folder) -> list[tuple[str, str]]:
    with duckdb.connect(str(folder / "fieldscope.duckdb"), read_only=True) as connection:
        return list(crm_writeback_audit.broken(connection, folder))


def test_the_audit_passes_what_is_written_and_names_what_is_not_right(nights):
    nights.publish("2026-06-29", [target(1), target(2), target(3)])
    folder = nights.write("2026-06-30", [target(1, why="=1+1"), target(3, rank=9)])
    with duckdb.connect(str(folder / "fieldscope.duckdb")) as connection:
        connection.execute("create table withheld_targets (npi varchar, rule varchar)")
    assert findings(nights, folder) == []
    path = folder / "crm_writeback/salesforce/Fieldscope_Target__c.csv"
    _, *rows = csv.reader(path.open(newline=""))
    with path.open("a", newline="") as file:
        csv.writer(file).writerow([*rows[0][:-1], "=cmd"])
        csv.writer(file).writerow([NPIS[7], *rows[0][1:]])
    assert [check for check, _ in findings(nights, folder)] == ["no formula in a file", "who may not be listed"]
    with duckdb.connect(str(folder / "fieldscope.duckdb")) as connection:
        connection.execute("update target_list set assignment = 'holdout' where rank = 9")
        connection.execute("insert into withheld_targets values (?, 'PDRP')", [NPIS[1]])
    messages = [message for check, message in findings(nights, folder) if "written back" in message]
    assert [message.split()[0] for message in messages] == [NPIS[1], NPIS[3]]
