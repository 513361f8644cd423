"""The months of reps and managers, counted again from raw files: on whom they called and how long, how deals went, what it cost and won.

Belongs here: what `rep_periods` and `manager_periods` add to calls and orders, which `test_recounted_crm` counts. Nothing here is the
product's code.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
import yaml

from tests.end_to_end.recounted import is_true, local_days, managers_above, read, whole_ids


@pytest.fixture(scope="module")
def above(crm, world) -> dict[str, list[str]]:
    return managers_above(crm, world.landing / "company" / "territory_alignment.csv")


def by_manager(of_reps: dict[tuple, Counter], above: dict[str, list[str]]) -> dict[tuple, Counter]:
    sums: dict[tuple, Counter] = defaultdict(Counter)
    for (rep, month), counts in of_reps.items():
        for manager in above[rep]:
            sums[manager, month].update(counts)
    return sums


def told(night, who: str, columns: tuple[str, ...]) -> dict[tuple, tuple]:
    """The months of a mart in which any of the columns is told."""
    found = night.query(f"select {who}_id, month, {', '.join(columns)} from {who}_periods")
    return {(key, month): tuple(counts) for key, month, *counts in found if any(counts)}


ROLES = ("user_calls", "buyer_calls", "administrator_calls", "unknown_role_calls", "call_minutes")


def test_kept_calls_by_role_and_length(first_night, activities, crm, above):
    """A contact who is a provider is a user where the CRM gives no role; a call on nobody known has none."""
    npis = dict(first_night.query("select contact_id, npi from stakeholders"))
    contacts = read(crm / "Contact.csv")
    given = dict(zip(whole_ids(contacts.Id), contacts.Stakeholder_Role__c.str.lower(), strict=True))
    roles = {contact: given[contact] or ("user" if npi else "unknown") for contact, npi in npis.items()}
    expected: dict[tuple, Counter] = defaultdict(Counter)
    kept = activities[activities.is_kept]
    for row, contact in zip(kept.itertuples(), whole_ids(kept.contact_id), strict=True):
        role = roles.get(contact, "unknown")
        counts = expected[row.rep_id, row.day.replace(day=1)]
        counts[f"{role}_role_calls" if role == "unknown" else f"{role}_calls"] += 1
        counts["call_minutes"] += 0 if pd.isna(row.minutes) else int(row.minutes)
    assert sum(counts["buyer_calls"] for counts in expected.values()) > 50
    for who, sums in (("rep", expected), ("manager", by_manager(expected, above))):
        assert told(first_night, who, ROLES) == {
            key: tuple(counts[name] for name in ROLES) for key, counts in sums.items()
        }


def steps_of(stages: pd.DataFrame, entered: set[str]) -> tuple[int, int]:
    """How many steps of the company's way a deal took, and how many it left out on the way; losing is no step."""
    orders = stages.drop_duplicates("stage").set_index("stage")
    way = set(orders.index[(orders.is_closed == "false") | (orders.is_won == "true")])
    taken = entered & way
    furthest = max((int(orders.stage_order[stage]) for stage in taken), default=0)
    before = {
        stage for stage in way if orders.is_closed[stage] == "false" and int(orders.stage_order[stage]) < furthest
    }
    return len(taken), len(before - taken)


FUNNEL = ("deals_closed", "deals_won", "deals_with_skips", "skipped_stages")


def test_closed_deals_and_the_steps_that_they_left_out(first_night, crm, world, above):
    stages = read(world.landing / "company" / "pipeline_stages.csv")
    named = stages.set_index("crm_stage_name")
    history = read(crm / "OpportunityHistory.csv").drop_duplicates("Id")
    history = history[local_days(history.CreatedDate) <= world.as_of]
    passed = history.groupby("OpportunityId").StageName.agg(lambda names: set(names.map(named.stage)))
    deals = read(crm / "Opportunity.csv").drop_duplicates("Id")
    deals = deals[~is_true(deals.IsDeleted) & (local_days(deals.CreatedDate) <= world.as_of)]
    deals = deals[(deals.StageName.map(named.is_closed) == "true") & (deals.CloseDate <= world.as_of.isoformat())]
    expected: dict[tuple, Counter] = defaultdict(Counter)
    for deal in deals.itertuples():
        taken, left_out = (
            steps_of(stages, passed[deal.Id] | {named.stage[deal.StageName]}) if deal.Id in passed else (0, 0)
        )
        is_won = named.is_won[deal.StageName] == "true"
        expected[deal.OwnerId, date.fromisoformat(deal.CloseDate).replace(day=1)].update({
            "deals_closed": 1, "deals_won": int(is_won), "deals_with_skips": int(left_out > 0), "skipped_stages": left_out,
            "entered": taken, "won_usd": Decimal(deal.Amount or 0) if is_won else Decimal(0),
        })  # fmt: skip
    assert sum(counts["skipped_stages"] for counts in expected.values()) > 20
    for who, sums in (("rep", expected), ("manager", by_manager(expected, above))):
        assert told(first_night, who, FUNNEL) == {
            key: tuple(counts[name] for name in FUNNEL) for key, counts in sums.items()
        }
        rows = first_night.query(
            f"select {who}_id, month, won_usd, step_conformance from {who}_periods where deals_closed > 0"
        )
        for key, month, usd, conformance in rows:
            counts = sums[key, month]
            assert Decimal(str(round(usd, 2))) == counts["won_usd"]
            steps = counts["entered"] + counts["skipped_stages"]
            assert conformance == (pytest.approx(counts["entered"] / steps) if steps else None)


@pytest.fixture(scope="module")
def market(first_night) -> dict[tuple, float]:
    found = first_night.query("select territory_id, month, market_volume from territory_periods")
    return {(territory, month): volume for territory, month, volume in found if volume}


def test_the_market_of_a_territory_is_what_its_providers_performed(first_night, world, claim_lines, market):
    """Of the last twelve months, which no public file tells yet: focus services by the ZIP as it lay when the month began."""
    families = read(world.landing / "company" / "procedure_families.csv")
    focus = families.code[(families.code_system == "HCPCS") & is_true(families.is_focus)]
    zips = dict(first_night.query("select npi, zip5 from providers"))
    since = (world.as_of - timedelta(days=365)).replace(day=1)
    lines = claim_lines[claim_lines.hcpcs_code.isin(focus) & (claim_lines.month >= since)]
    lines = lines.assign(zip5=lines.rendering_npi.map(zips)).groupby(["zip5", "month"]).quantity.sum().reset_index()
    alignment = read(world.landing / "company" / "territory_alignment.csv")
    placed = lines.merge(alignment[alignment.kind != "overlay"], on="zip5")
    begins = placed.month.map(date.isoformat)
    placed = placed[(placed.valid_from <= begins) & ((placed.valid_to == "") | (placed.valid_to >= begins))]
    expected = placed.groupby(["territory_id", "month"]).quantity.sum().to_dict()
    assert len(expected) > 20
    assert {key: volume for key, volume in market.items() if key[1] >= since} == pytest.approx(expected)


def test_the_market_and_the_return_of_whoever_sits_in_it(first_night, world, above, market):
    """A market shared by two or left vacant is nobody's alone; a manager's is that of the whole team, whose cost is per head in seat."""
    month_usd = yaml.safe_load((world.landing / "company" / "company.yml").read_text())["rep_annual_cost_usd"] / 12
    reps = first_night.query("""
        select rep_id, month, territory_id, is_in_seat, orders_usd, market_volume, rep_cost_usd, roi, is_overlay from rep_periods
    """)
    sitting = Counter((territory, month) for _, month, territory, in_seat, *_ in reps if in_seat)
    heads: Counter = Counter()
    held: dict[tuple, set] = defaultdict(set)
    for rep, month, territory, in_seat, orders, volume, cost, roi, is_overlay in reps:
        assert cost == pytest.approx(month_usd if in_seat else 0)
        assert roi == (pytest.approx(orders / month_usd) if in_seat else None)
        is_alone = in_seat and sitting[territory, month] == 1 and not is_overlay
        assert (volume or 0) == pytest.approx(market.get((territory, month), 0) if is_alone else 0)
        for manager in above[rep]:
            heads[manager, month] += int(in_seat)
            held[manager, month] |= {territory} if in_seat else set()
    assert any(volume for *_, volume, _, _, _ in reps)
    managers = first_night.query("""
        select manager_id, month, reps_in_seat, vacant_territories, orders_usd, market_volume, rep_cost_usd, roi from manager_periods
    """)
    assert any(vacant == 0 and volume for _, _, _, vacant, _, volume, *_ in managers)
    for manager, month, in_seat, vacant, orders, volume, cost, roi in managers:
        assert in_seat == heads[manager, month]
        assert cost == pytest.approx(in_seat * month_usd)
        assert roi == (pytest.approx(orders / cost) if cost else None)
        if vacant == 0:
            whole = sum(market.get((territory, month), 0) for territory in held[manager, month])
            assert (volume or 0) == pytest.approx(whole)
