"""Salesforce: a job's whole life, rows that fail, breaks at every step, and a second push that sends nothing."""

import sqlite3

import pytest
from werkzeug import Response

from dagster_project.pull.faults import AccessError
from dagster_project.push import salesforce
from dagster_project.push.salesforce import SalesforceOrg
from tests.publish.writeback_nights import NPIS, REP, record, target
from tests.pull.salesforce_server import refusal

OBJECT = "Fieldscope_Target__c"


def kept(nights) -> list[tuple[str, str, str, str]]:
    """What the home remembers of each row that was ever sent."""
    with sqlite3.connect(nights.home.root / "pushed" / "salesforce.sqlite") as con:
        return con.execute("select external_id, outcome, error, crm_id from tries order by try").fetchall()


def listed(org) -> dict[str, str]:
    """External id -> tier of each target that the org holds."""
    return {key: row["Tier__c"] for key, row in org.records[OBJECT].items() if row["Is_Target__c"] == "true"}


def test_the_list_is_upserted_by_its_external_id_and_each_row_is_remembered(nights, org):
    nights.publish("2026-06-30", [target(1), target(2, tier="B", why="=1+1")])
    (outcome,) = nights.push(SalesforceOrg)
    assert (outcome.targets, outcome.counts["success"], outcome.is_failure) == (2, 2, False)
    assert listed(org) == {NPIS[1]: "A", NPIS[2]: "B"}
    assert org.records[OBJECT][NPIS[2]]["Why__c"] == "'=1+1"
    (job,) = org.jobs.values()
    asked = {name: job[name] for name in ("object", "operation", "externalIdFieldName", "contentType", "lineEnding")}
    assert asked == {
        "object": OBJECT,
        "operation": "upsert",
        "externalIdFieldName": "External_Id__c",
        "contentType": "CSV",
        "lineEnding": "LF",
    }
    assert kept(nights) == [(npi, "success", "", f"a0X{npi}") for npi in NPIS[1:3]]


def test_a_second_push_sends_nothing(nights, org):
    nights.publish("2026-06-30", [target(1)])
    nights.push(SalesforceOrg)
    asked = len(org.asked)
    (outcome,) = nights.push(SalesforceOrg)
    assert (outcome.targets, outcome.removals, outcome.is_failure) == (0, 0, False)
    assert len(org.asked) == asked
    nights.publish("2026-07-01", [target(1)])
    nights.push(SalesforceOrg)
    assert len(org.asked) == asked


def test_nights_that_nobody_pushed_are_made_up_for(nights, org):
    nights.publish("2026-06-29", [target(1), target(2)])
    nights.publish("2026-06-30", [target(1), target(2), target(3)])
    nights.push(SalesforceOrg)
    assert set(listed(org)) == set(NPIS[1:4])


def test_whoever_opted_out_is_cleared_by_the_next_morning(nights, org):
    nights.publish("2026-06-29", [target(1), target(2)])
    nights.push(SalesforceOrg)
    nights.publish("2026-06-30", [target(2)])
    (outcome,) = nights.push(SalesforceOrg)
    assert (outcome.targets, outcome.removals) == (0, 1)
    left = {"External_Id__c": NPIS[1], "Contact__c": "003000000000001AAA", "OwnerId": REP, "Is_Target__c": "false"}
    assert org.records[OBJECT][NPIS[1]] == left
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.removals == 0


def test_rows_that_fail_are_told_apart_and_sent_again_alone(nights, org):
    nights.publish("2026-06-29", [target(1), target(2), target(3)])
    org.faulty = {NPIS[2]: "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:OwnerId --"}
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.is_failure
    assert outcome.counts == {"success": 2, "failed": 1}
    assert outcome.failures == [(NPIS[2], f"failed: {org.faulty[NPIS[2]]}")]
    org.faulty = {}
    (outcome,) = nights.push(SalesforceOrg)
    assert (outcome.targets, outcome.counts) == (1, {"success": 1})
    assert len(org.uploads[-1].splitlines()) == 2


def test_a_record_that_is_gone_from_the_org_needs_no_clearing(nights, org):
    nights.publish("2026-06-29", [target(1)])
    nights.push(SalesforceOrg)
    nights.publish("2026-06-30", [])
    org.faulty = {NPIS[1]: "ENTITY_IS_DELETED:entity is deleted:--"}
    (outcome,) = nights.push(SalesforceOrg)
    assert (outcome.removals, outcome.is_failure) == (1, False)


def test_a_failed_job_keeps_what_it_had_done(nights, org):
    nights.publish("2026-06-29", [target(1), target(2), target(3)])
    org.ends_as, org.takes = "Failed", 1
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.counts == {"success": 1, "unprocessed": 2}
    assert "InvalidBatch : the job was stopped" in outcome.failures[0][1]
    org.ends_as, org.takes = "JobComplete", 100
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.targets == 2
    assert set(listed(org)) == set(NPIS[1:4])


class Killed(BaseException):
    """The process ends here."""


def push_killed_at(nights, monkeypatch, step: str) -> None:
    """A push whose process ends where the library is to do `step`."""

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"simple_salesforce.bulk2._Bulk2Client.{step}", killed)
        with pytest.raises(Killed):
            nights.push(SalesforceOrg)


@pytest.mark.parametrize("step", ["upload_job_data", "close_job", "wait_for_job", "get_ingest_results"])
def test_killed_at_any_step_the_next_push_ends_what_was_begun_and_makes_no_second_record(
    nights, org, monkeypatch, step
):
    nights.publish("2026-06-29", [target(1), target(2)])
    push_killed_at(nights, monkeypatch, step)
    assert [outcome for _, outcome, *_ in kept(nights)] == ["sent", "sent"]
    (outcome,) = nights.push(SalesforceOrg)
    assert (outcome.counts, outcome.is_failure) == ({"success": 2}, False)
    assert listed(org) == {NPIS[1]: "A", NPIS[2]: "A"}
    jobs = len(org.jobs)
    assert jobs == (2 if step in ("upload_job_data", "close_job") else 1), "a job that ran is looked at, not repeated"
    nights.push(SalesforceOrg)
    assert len(org.jobs) == jobs


def test_whoever_may_have_arrived_before_a_break_is_cleared_when_he_leaves(nights, org, monkeypatch):
    nights.publish("2026-06-29", [target(1), target(2)])
    push_killed_at(nights, monkeypatch, "wait_for_job")
    org.jobs.clear()  # the org keeps a job for a week
    org.records[OBJECT] = {npi: {"Is_Target__c": "true", "Tier__c": "A"} for npi in NPIS[1:3]}
    nights.publish("2026-06-30", [target(2)])
    (outcome,) = nights.push(SalesforceOrg)
    assert (outcome.targets, outcome.removals, outcome.counts) == (1, 1, {"success": 2})
    assert set(listed(org)) == {NPIS[2]}


@pytest.mark.parametrize("where", ["PUT", "PATCH"])
def test_a_lost_answer_to_an_upload_or_its_end_is_no_failure(nights, org, where):
    nights.publish("2026-06-29", [target(1)])
    org.lost = [(where, refusal(503, "SERVER_UNAVAILABLE", "try later"))]
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.counts == {"success": 1}
    assert len(org.jobs) == 1


@pytest.mark.parametrize("where", ["POST", "PUT", "PATCH", "GET", "failedResults"])
def test_a_busy_org_is_asked_again(nights, org, naps, where):
    nights.publish("2026-06-29", [target(1)])
    org.trouble(
        where, refusal(503, "SERVER_UNAVAILABLE", "try later"), refusal(429, "TOO_MANY", "slow", Retry_After="17")
    )
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.counts == {"success": 1}
    assert 17 in naps


def test_an_org_that_stays_busy_leaves_nothing_half_done(nights, org):
    nights.publish("2026-06-29", [target(1)])
    org.trouble("PUT", *[refusal(503, "SERVER_UNAVAILABLE", "try later")] * 50)
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.counts == {"unprocessed": 1}
    assert "push again later" in outcome.problem
    assert [job["state"] for job in org.jobs.values()] == ["Aborted"]
    org.troubles = []
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.counts == {"success": 1}


def test_a_job_of_which_nobody_knows_whether_it_runs_is_not_given_up(nights, org):
    nights.publish("2026-06-29", [target(1)])
    lost = refusal(503, "SERVER_UNAVAILABLE", "try later")
    org.lost = [("PATCH", lost)] * 7
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.counts == {"sent": 1}
    assert "push again later" in outcome.problem
    org.lost = []
    (outcome,) = nights.push(SalesforceOrg)
    assert (outcome.targets, outcome.counts) == (0, {"success": 1})
    assert len(org.jobs) == 1


def test_results_that_lack_rows_are_asked_for_again(nights, org):
    nights.publish("2026-06-29", [target(1)])
    half = Response('"sf__Id","sf__Created","External_Id__c"\n', content_type="text/csv")
    org.trouble("successfulResults", half, half)
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.counts == {"success": 1}


def test_a_large_list_goes_in_several_jobs(nights, org, monkeypatch):
    monkeypatch.setattr(salesforce, "MOST_BYTES", 400)
    nights.publish("2026-06-29", [target(n) for n in range(6)])
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.counts == {"success": 6}
    assert len(org.jobs) > 1
    assert all(len(text.encode()) <= 400 for text in org.uploads)


def test_veevas_cycle_plan_lives_in_the_same_org(nights, org):
    nights.records += [record(n, "veeva") for n in range(3)]
    nights.plans = [(REP, "a1Qspring")]
    nights.publish("2026-06-29", [target(1)])
    outcomes = nights.push(SalesforceOrg)
    assert [(outcome.object, outcome.counts["success"]) for outcome in outcomes] == [
        (OBJECT, 1),
        ("MC_Cycle_Plan_Target_vod__c", 1),
    ]


def test_an_object_that_the_org_lacks_fails_alone(nights, org):
    nights.records += [record(n, "veeva") for n in range(3)]
    nights.plans = [(REP, "a1Qspring")]
    nights.publish("2026-06-29", [target(1)])
    org.trouble("POST", refusal(400, "INVALIDENTITY", f"Unable to find object: {OBJECT}"))
    lacking, other = nights.push(SalesforceOrg)
    assert "no such object" in lacking.problem
    assert "docs/push.md" in lacking.problem
    assert other.counts == {"success": 1}


def test_a_token_that_has_run_out_ends_the_push_and_the_next_goes_on(nights, org):
    nights.publish("2026-06-29", [target(1)])
    org.trouble("PUT", refusal(401, "INVALID_SESSION_ID", "Session expired or invalid"))
    (outcome,) = nights.push(SalesforceOrg)
    assert "get a new token" in outcome.problem
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.counts == {"success": 1}


def test_an_older_publication_does_not_replace_a_newer_one(nights, org):
    nights.publish("2026-06-30", [target(1)])
    nights.push(SalesforceOrg)
    nights.publish("2026-03-31", [target(2)])
    with pytest.raises(AccessError, match=r"2026-03-31.*2026-06-30"):
        nights.push(SalesforceOrg)
    assert set(listed(org)) == {NPIS[1]}


def test_another_org_is_given_the_whole_list(nights, org, monkeypatch):
    nights.publish("2026-06-30", [target(1)])
    nights.push(SalesforceOrg)
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_INSTANCE_URL", "https://acme--sandbox.my.salesforce.com")
    (outcome,) = nights.push(SalesforceOrg)
    assert outcome.targets == 1


def test_full_sends_the_whole_list_again(nights, org):
    nights.publish("2026-06-30", [target(1), target(2)])
    nights.push(SalesforceOrg)
    (outcome,) = nights.push(SalesforceOrg, full=True)
    assert outcome.counts == {"success": 2}


def test_a_file_that_is_not_the_audited_one_is_not_sent(nights, org):
    done = nights.publish("2026-06-30", [target(1)])
    path = done / "crm_writeback" / "whole.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(AccessError, match="audited"):
        nights.push(SalesforceOrg)
    assert org.asked == []
