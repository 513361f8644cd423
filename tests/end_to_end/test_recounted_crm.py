"""What the CRM tells, counted again from its raw files and held against what was planted: nothing here is the product's code."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from tests.end_to_end.recounted import is_true, local_days, managers_above, read, whole_ids


def test_calls_by_kind_kept_and_planned_to_the_row(first_night, activities):
    found = first_night.query("select call_id, kind, rep_id, planned_days_ahead, is_planned, is_kept from calls")
    columns = ["call_id", "kind", "rep_id", "planned_days_ahead", "is_planned", "is_kept"]
    assert len(activities) > 3000
    assert Counter(found) == Counter(activities[columns].itertuples(index=False, name=None))


def test_calls_last_as_long_as_their_events(first_night, activities):
    expected = dict(activities.dropna(subset=["minutes"])[["call_id", "minutes"]].itertuples(index=False, name=None))
    found = dict(first_night.query("select call_id, duration_minutes from calls where duration_minutes is not null"))
    assert expected
    assert found == expected


@pytest.fixture(scope="module")
def orders(crm, world) -> pd.DataFrame:
    heads, items = read(crm / "Order.csv"), read(crm / "OrderItem.csv")
    for table, columns in ((heads, ("Id", "OwnerId", "Surgeon__c", "AccountId")), (items, ("Id", "OrderId"))):
        for column in columns:
            table[column] = whole_ids(table[column])
    heads = heads[(heads.Status == "Activated") & (heads.EffectiveDate <= world.as_of.isoformat())].drop_duplicates(
        "Id"
    )
    rows = heads.merge(items.drop_duplicates("Id"), left_on="Id", right_on="OrderId", suffixes=("", "_item"))
    rows["quantity"] = rows.Quantity.map(Decimal)
    rows["usd"] = [Decimal(q) * Decimal(price) for q, price in zip(rows.Quantity, rows.UnitPrice, strict=True)]
    return rows


def test_orders_to_the_cent_and_to_their_total(first_night, orders):
    expected: dict = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in orders.itertuples():
        expected[row.Id, row.Procedure_Family__c][0] += row.quantity
        expected[row.Id, row.Procedure_Family__c][1] += row.usd
    found = first_night.query("select order_id, procedure_family, quantity, amount_usd, rep_id, ordered_on from orders")
    assert {(o, f): [Decimal(str(q)), Decimal(str(round(usd, 2)))] for o, f, q, usd, *_ in found} == expected
    owners = dict(orders[["Id", "OwnerId"]].itertuples(index=False, name=None))
    assert {order: rep for order, _, _, _, rep, _ in found} == owners
    totals = {row.Id: Decimal(row.TotalAmount) for row in orders.itertuples()}
    summed: dict = defaultdict(Decimal)
    for order, _, _, usd, *_ in found:
        summed[order] += Decimal(str(round(usd, 2)))
    assert summed == totals


def test_a_territory_s_months_add_up_to_its_calls_and_orders(first_night, activities, orders):
    found = dict(first_night.query("select cast(month as date), sum(orders_usd) from territory_periods group by month"))
    by_month: dict = defaultdict(Decimal)
    for row in orders.itertuples():
        by_month[date.fromisoformat(row.EffectiveDate).replace(day=1)] += row.usd
    assert by_month
    assert {month: Decimal(str(round(usd, 2))) for month, usd in found.items() if usd} == by_month
    kept = activities[activities.is_kept]
    calls = Counter(day.replace(day=1) for day in kept.day)
    counted = dict(first_night.query("select cast(month as date), sum(calls) from territory_periods group by month"))
    assert {month: number for month, number in counted.items() if number} == calls
    trials = kept[kept.kind == "trial"]
    assert first_night.query("select sum(trials) from territory_periods") == [(len(trials),)]


def test_first_orders_are_those_that_were_planted(first_night, world):
    """Whose contact is linked is a customer since the planted day; a link by name may miss, never move a day."""
    planted = pd.read_parquet(world.truth / "first_orders.parquet")
    planted["day"] = pd.to_datetime(planted.first_order_on).dt.date
    expected = {
        npi: day for npi, day in planted[["npi", "day"]].itertuples(index=False, name=None) if day <= world.as_of
    }
    found = dict(first_night.query("select npi, first_order_on from providers where is_customer"))
    assert len(expected) > 20
    assert found.items() <= expected.items()
    assert len(found) >= 0.97 * len(expected)
    assert first_night.query("select sum(new_customers) from territory_periods") == [(len(found),)]


def test_contacts_are_the_people_they_were_planted_to_be(first_night, world):
    planted = pd.read_parquet(world.truth / "contact_links.parquet").set_index("contact_id").npi.to_dict()
    found = dict(first_night.query("select contact_id, npi from stakeholders where npi is not null"))
    right = sum(planted.get(contact) == npi for contact, npi in found.items())
    assert right >= 0.99 * len(found)
    assert right >= 0.95 * len(planted)


@pytest.fixture(scope="module")
def work(activities, orders, world) -> dict[tuple, Counter]:
    """What each rep did and sold in a month, by our own count."""
    done: dict[tuple, Counter] = defaultdict(Counter)
    for row in activities[activities.day <= world.as_of].itertuples():
        sums = done[row.rep_id, row.day.replace(day=1)]
        sums["planned_calls"] += int(row.is_planned)
        sums["planned_and_kept"] += int(row.is_planned and row.is_kept)
        sums["calls"] += int(row.is_kept)
        sums[row.kind] += int(row.is_kept)
    for row in orders.drop_duplicates("Id").itertuples():
        done[row.OwnerId, date.fromisoformat(row.EffectiveDate).replace(day=1)]["orders"] += 1
    for row in orders.itertuples():
        done[row.OwnerId, date.fromisoformat(row.EffectiveDate).replace(day=1)]["usd"] += row.usd
    return done


SUMS = ("calls", "planned_calls", "call", "remote", "meeting", "demo", "case_attendance", "trial", "orders", "usd")


def periods_of(night, who: str) -> dict[tuple, tuple]:
    """The months of a mart in which anything was done or sold."""
    found = night.query(f"""
        select {who}_id, month, plan_adherence, orders_usd, calls, planned_calls, plain_calls, remote_calls, meetings, demos,
            case_attendances, trials, orders
        from {who}_periods
    """)
    return {
        (key, month): (*counts, Decimal(str(round(usd, 2))), adherence)
        for key, month, adherence, usd, *counts in found
        if any(counts) or usd
    }


def told(sums: Counter) -> tuple:
    adherence = sums["planned_and_kept"] / sums["planned_calls"] if sums["planned_calls"] else None
    return (*(sums[name] for name in SUMS), adherence)


def test_a_rep_s_months_hold_that_rep_s_calls_and_orders_to_the_cent(first_night, work):
    assert len(work) > 100
    expected = {key: told(sums) for key, sums in work.items()}
    assert periods_of(first_night, "rep") == {key: sums for key, sums in expected.items() if any(sums)}


def test_a_manager_s_months_are_the_sum_of_those_below_once_each(first_night, work, crm, world):
    """All rungs of the ladder; reps whose territory lies across others are in no sum."""
    above = managers_above(crm, world.landing / "company" / "territory_alignment.csv")
    assert any(not above[rep] for rep, _ in work)
    expected: dict[tuple, Counter] = defaultdict(Counter)
    for (rep, month), sums in work.items():
        for manager in above[rep]:
            expected[manager, month].update(sums)
    rows = {key: told(sums) for key, sums in expected.items()}
    assert len({manager for manager, _ in rows}) == 4
    assert periods_of(first_night, "manager") == {key: sums for key, sums in rows.items() if any(sums)}


def test_opportunities_and_their_stages_to_the_row(first_night, crm, world):
    stages = read(world.landing / "company" / "pipeline_stages.csv").set_index("crm_stage_name")
    deals = read(crm / "Opportunity.csv").drop_duplicates("Id")
    deals = deals[~is_true(deals.IsDeleted) & (local_days(deals.CreatedDate) <= world.as_of)]
    expected = {
        row.Id: (row.OwnerId, stages.stage[row.StageName], row.Procedure_Family__c, round(float(row.Amount), 2), date.fromisoformat(row.CloseDate))
        for row in deals.itertuples()
        if row.Amount
    }  # fmt: skip
    found = first_night.query(
        "select opportunity_id, rep_id, stage, procedure_family, amount_usd, close_on from opportunities"
    )
    assert {key for key, *_ in found} == set(deals.Id)
    assert {key: (*told, round(usd, 2), day) for key, *told, usd, day in found if key in expected} == expected
    won = {row.Id for row in deals.itertuples() if stages.is_won[row.StageName] == "true"}
    assert {key for (key,) in first_night.query("select opportunity_id from opportunities where is_won")} == won

    history = read(crm / "OpportunityHistory.csv").drop_duplicates("Id")
    history = history[history.OpportunityId.isin(deals.Id)].sort_values(
        ["OpportunityId", "CreatedDate", "Id"], kind="stable"
    )
    history["moment"] = pd.to_datetime(history.CreatedDate, errors="coerce", utc=True).dt.tz_localize(None)
    history = history.drop_duplicates(["OpportunityId", "moment"], keep="last")
    entered = history[history.StageName != history.groupby("OpportunityId").StageName.shift()]
    visits = Counter(zip(entered.OpportunityId, entered.moment, entered.StageName.map(stages.stage), strict=True))
    told = first_night.query("select opportunity_id, entered_at, stage from opportunity_stages")
    assert Counter((key, pd.Timestamp(at), stage) for key, at, stage in told) == visits


def test_deals_end_as_planted(first_night, world):
    planted = pd.read_parquet(world.truth / "deal_outcomes.parquet").dropna(subset=["opportunity_id"])
    planted = planted.set_index("opportunity_id")
    found = first_night.query("select opportunity_id, is_closed, is_won from opportunities")
    closed = {key: won for key, is_closed, won in found if is_closed}
    assert {key for key, is_closed, _ in found if not is_closed} <= set(planted.index[planted.is_open_at_as_of])
    assert closed == planted.is_won[list(closed)].to_dict()


def test_a_facility_shows_the_running_contract_that_ends_first(first_night, crm, world):
    contracts = read(crm / "Contract.csv")
    today = world.as_of.isoformat()
    running = contracts[(contracts.StartDate <= today) & (contracts.EndDate >= today)]
    expected = {}
    for row in running.sort_values(["EndDate", "Id"], ascending=False).itertuples():
        expected[whole_ids(pd.Series([row.AccountId]))[0]] = (row.Supplier__c, date.fromisoformat(row.EndDate))
    found = first_night.query("""
        select account_id, contract_supplier, contract_ends_on, days_to_contract_end from facilities where contract_ends_on is not null
    """)
    assert found
    for account, supplier, ends_on, days in found:
        assert days == (ends_on - world.as_of).days
        if account in expected:
            assert expected[account][1] == ends_on
            assert expected[account][0] in (supplier, "Meridian Orthopaedics, Inc.", "Meridian Joint Replacement LLC")
    assert len({account for account, *_ in found} & set(expected)) >= 0.9 * len(found)


def test_marketing_touches_are_the_members_of_campaigns(first_night, crm, world):
    members, campaigns = read(crm / "CampaignMember.csv"), read(crm / "Campaign.csv")
    named = dict(zip(whole_ids(campaigns.Id), campaigns.Name, strict=True))
    members["day"] = local_days(members.CreatedDate)
    members = members[members.day <= world.as_of].drop_duplicates("Id")
    expected = Counter(zip(
        whole_ids(members.Id), whole_ids(members.CampaignId).map(named), members.day,
        is_true(members.HasResponded) & ((members.FirstRespondedDate == "") | (members.FirstRespondedDate.str[:10] <= world.as_of.isoformat())),
        strict=True,
    ))  # fmt: skip
    found = first_night.query("select touch_id, campaign, touched_on, has_responded from marketing_touches")
    assert found
    assert (
        Counter((touch, campaign, pd.Timestamp(day).date(), responded) for touch, campaign, day, responded in found)
        == expected
    )
