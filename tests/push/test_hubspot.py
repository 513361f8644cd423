"""HubSpot: batches of a hundred, rows matched by their trace, and the one row for which a batch is refused."""

import sqlite3

import pytest

from dagster_project.push import hubspot
from dagster_project.push.hubspot import HubspotAccount
from tests.publish.writeback_nights import NPIS, record, target
from tests.pull.hubspot_server import given, refusal


@pytest.fixture
def nights(nights):
    nights.records = [record(n, "hubspot") for n in range(20)]
    return nights


@pytest.fixture
def account(account):
    account.contacts = {str(500 + n): {"lastname": "Sharp"} for n in range(20)}
    return account


def test_known_contacts_are_updated_by_their_record_id_and_none_is_made(nights, account):
    nights.publish("2026-06-30", [target(1, why="@home")])
    (outcome,) = nights.push(HubspotAccount)
    assert (outcome.targets, outcome.counts) == (1, {"success": 1})
    ((path, body),) = account.asked
    assert path == "/crm/v3/objects/contacts/batch/update"
    assert body["inputs"][0].keys() == {"id", "properties", "objectWriteTraceId"}
    assert len(account.contacts) == 20
    assert account.contacts["501"]["fieldscope_why"] == "'@home"
    assert account.contacts["501"]["lastname"] == "Sharp"
    assert nights.push(HubspotAccount)[0].targets == 0
    assert len(account.asked) == 1


def test_a_unique_property_of_your_own_finds_and_makes_contacts(nights, account):
    nights.fields("contacts:\n  hs_object_id: npi\n")
    nights.publish("2026-06-30", [target(1)])
    nights.push(HubspotAccount)
    ((path, body),) = account.asked
    assert path == "/crm/v3/objects/contacts/batch/upsert"
    assert (body["inputs"][0]["id"], body["inputs"][0]["idProperty"]) == (NPIS[1], "npi")
    assert "npi" not in body["inputs"][0]["properties"]


def test_whoever_opted_out_is_emptied_by_the_next_morning(nights, account):
    nights.publish("2026-06-29", [target(1), target(2)])
    nights.push(HubspotAccount)
    nights.publish("2026-06-30", [target(2)])
    (outcome,) = nights.push(HubspotAccount)
    assert (outcome.targets, outcome.removals) == (0, 1)
    told = {name: value for name, value in account.contacts["501"].items() if name != "lastname"}
    assert told == dict.fromkeys(told, "") | {"fieldscope_target": "false"}


def test_no_batch_is_larger_than_hubspot_takes_and_who_left_comes_first(nights, account, monkeypatch):
    monkeypatch.setattr(hubspot, "BATCH", 3)
    nights.publish("2026-06-29", [target(1)])
    nights.push(HubspotAccount)
    nights.publish("2026-06-30", [target(n) for n in range(2, 9)])
    nights.push(HubspotAccount)
    sizes = [[one["id"] for one in body["inputs"]] for _, body in account.asked[1:]]
    assert sizes == [["501", "502", "503"], ["504", "505", "506"], ["507", "508"]]


def test_a_contact_that_is_gone_fails_as_a_target_and_needs_no_clearing(nights, account):
    del account.contacts["502"]
    nights.publish("2026-06-29", [target(1), target(2), target(3)])
    (outcome,) = nights.push(HubspotAccount)
    assert outcome.counts == {"success": 2, "failed": 1}
    assert outcome.failures == [("502", "failed: OBJECT_NOT_FOUND: Could not get some CONTACT objects")]
    del account.contacts["503"]
    nights.publish("2026-06-30", [target(1)])
    (outcome,) = nights.push(HubspotAccount)
    assert (outcome.removals, outcome.is_failure) == (1, False)


def test_one_row_to_blame_does_not_keep_the_others_of_its_batch_away(nights, account):
    account.faulty = {"505"}
    nights.publish("2026-06-29", [target(n) for n in range(10)])
    (outcome,) = nights.push(HubspotAccount)
    assert outcome.counts == {"success": 9, "failed": 1}
    assert [key for key, _ in outcome.failures] == ["505"]
    assert "not a valid number" in outcome.failures[0][1]
    account.faulty = set()
    (outcome,) = nights.push(HubspotAccount)
    assert (outcome.targets, outcome.counts) == (1, {"success": 1})


def test_where_every_row_is_refused_the_push_ends_soon(nights, account, monkeypatch):
    monkeypatch.setattr(hubspot, "MOST_REFUSED", 3)
    account.faulty = set(account.contacts)
    nights.publish("2026-06-29", [target(n) for n in range(16)])
    (outcome,) = nights.push(HubspotAccount)
    assert "refused 3 rows" in outcome.problem
    assert len(account.asked) < 12


def test_a_property_that_the_account_lacks_is_named_at_once(nights, account):
    account.properties = {"fieldscope_target"}
    nights.publish("2026-06-29", [target(n) for n in range(4)])
    (outcome,) = nights.push(HubspotAccount)
    assert "fieldscope_calls_per_quarter" in outcome.problem
    assert "docs/push.md" in outcome.problem
    assert len(account.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502])
def test_a_busy_account_is_asked_again(nights, account, status):
    nights.publish("2026-06-29", [target(1)])
    account.trouble("batch", *[refusal(status, "RATE_LIMIT", "TEN_SECONDLY_ROLLING", Retry_After="1")] * 3)
    assert nights.push(HubspotAccount)[0].counts == {"success": 1}


def test_a_lost_answer_is_asked_for_again_and_changes_nothing(nights, account):
    nights.publish("2026-06-29", [target(1)])
    account.lost = [refusal(503, "ERROR", "down")]
    assert nights.push(HubspotAccount)[0].counts == {"success": 1}
    assert len(account.contacts) == 20


def test_a_break_between_two_batches_is_made_up_for_by_the_next_push(nights, account, monkeypatch):
    monkeypatch.setattr(hubspot, "BATCH", 2)
    nights.publish("2026-06-29", [target(n) for n in range(1, 6)])
    ask, batches = HubspotAccount._asked, []

    def killed(self, layout, rows):
        batches.append(rows)
        if len(batches) == 2:
            ask(self, layout, rows)  # it arrived, and then the process ended
            raise KeyboardInterrupt
        return ask(self, layout, rows)

    with monkeypatch.context() as patch:
        patch.setattr(HubspotAccount, "_asked", killed)
        with pytest.raises(KeyboardInterrupt):
            nights.push(HubspotAccount)
    (outcome,) = nights.push(HubspotAccount)
    assert outcome.targets == 3, "two were confirmed"
    with sqlite3.connect(nights.home.root / "pushed" / "hubspot.sqlite") as con:
        told = con.execute("select outcome, count(*) from tries group by outcome order by outcome").fetchall()
    assert told == [("success", 5), ("unknown", 2)]
    assert sum(row.get("fieldscope_target") == "true" for row in account.contacts.values()) == 5


def test_half_an_answer_tells_nothing_of_the_rows_that_it_does_not_name(nights, account):
    nights.publish("2026-06-29", [target(1), target(2)])
    row = {"id": "501", "properties": {}, "createdAt": "2026-11-25T12:00:00Z", "updatedAt": "2026-11-25T12:00:00Z"}
    account.trouble("batch", given({"status": "PENDING", "results": [row]}))
    (outcome,) = nights.push(HubspotAccount)
    assert outcome.counts == {"success": 1, "unknown": 1}
    assert nights.push(HubspotAccount)[0].targets == 1


def test_the_requests_of_a_day_used_up_end_the_push(nights, account):
    nights.publish("2026-06-29", [target(1)])
    account.trouble("batch", *[refusal(429, "DAILY", "You have reached your DAILY limit.")] * 50)
    (outcome,) = nights.push(HubspotAccount)
    assert "midnight" in outcome.problem
