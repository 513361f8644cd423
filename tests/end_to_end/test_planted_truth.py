"""The marts of the sample night, counted again from the raw files and held against what was planted: nothing here is the product's code.

Rows that the border sets apart are told by its own list of lines; everything else must be found, to the row, the unit and the cent.
"""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

ZONE = "America/New_York"  # as the sample's company.yml says
KINDS = {
    "Call": "call", "Remote Call": "remote", "Meeting": "meeting", "Demo": "demo",
    "Case Attendance": "case_attendance", "Device Trial": "trial",
}  # fmt: skip
ASSISTANTS = ("80", "81", "82", "AS")


def read(path: Path, **options) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", **options)


def is_true(flags: pd.Series) -> pd.Series:
    return flags.str.lower().isin(["true", "1"])


def local_days(moments: pd.Series) -> pd.Series:
    return pd.to_datetime(moments, errors="coerce", utc=True).dt.tz_convert(ZONE).dt.date


def whole_ids(ids: pd.Series) -> pd.Series:
    """18 characters for ids that an export wrote with 15: the suffix tells which letters are capitals."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

    def whole(text: str) -> str:
        if len(text) != 15:
            return text
        parts = (text[start : start + 5] for start in (0, 5, 10))
        return text + "".join(letters[sum(1 << n for n, c in enumerate(part) if c.isupper())] for part in parts)

    return ids.map(whole)


@pytest.fixture(scope="module")
def crm(world) -> Path:
    return world.landing / "crm" / "salesforce"


@pytest.fixture(scope="module")
def activities(crm, world) -> pd.DataFrame:
    """Interactions by our own reading of tasks and events: kind, day, planned, kept."""
    tasks, events = read(crm / "Task.csv"), read(crm / "Event.csv")
    tasks["day"] = pd.to_datetime(tasks.ActivityDate, format="%Y-%m-%d", errors="coerce").dt.date
    events["day"] = local_days(events.StartDateTime)
    start, end = (pd.to_datetime(events[name], errors="coerce", utc=True) for name in ("StartDateTime", "EndDateTime"))
    events["minutes"] = (end - start).dt.total_seconds() / 60
    called_off = events.Subject.str.lower().str.match(r"cancel|missed|no.show")
    tasks["held"] = tasks.Status.isin(["Completed"])
    events["held"] = events.Status.isin(["Completed", "Held"]) | ((events.Status == "") & ~called_off)
    rows = pd.concat([tasks, events]).dropna(subset=["day"])
    rows = rows[~is_true(rows.IsDeleted) & rows.Type.isin(list(KINDS))].drop_duplicates("Id")
    recorded = local_days(rows.CreatedDate)
    ahead = [(day - written).days for day, written in zip(rows.day, recorded, strict=True)]
    is_known = recorded <= world.as_of
    return pd.DataFrame({
        "call_id": rows.Id, "kind": rows.Type.map(KINDS), "rep_id": rows.OwnerId, "day": rows.day, "contact_id": rows.WhoId,
        "planned_days_ahead": ahead, "is_planned": [days >= 3 for days in ahead],
        "is_kept": rows.held & (rows.day <= world.as_of), "minutes": rows.minutes,
    })[is_known.to_numpy()]  # fmt: skip


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


@pytest.fixture(scope="module")
def claim_lines(world) -> pd.DataFrame:
    """Each line as its newest delivery tells it, by our own reading."""
    used = ["claim_id", "claim_line_number", "claim_type", "person_id", "claim_line_start_date", "service_unit_quantity",
            "hcpcs_code", "hcpcs_modifier_1", "rendering_npi", "paid_amount", "file_date"]  # fmt: skip
    parts = []
    for path in sorted((world.landing / "claims").glob("medical_claim*")):
        table = pd.read_parquet(path, columns=used) if path.suffix == ".parquet" else read(path)[used]
        table = table.astype(object).where(table.notna(), "").astype(str)
        parts.append(table.drop_duplicates(["claim_id", "claim_line_number"]))
    lines = pd.concat(parts, ignore_index=True)
    number = pd.to_numeric(lines.paid_amount, errors="coerce")
    day = pd.to_datetime(lines.claim_line_start_date.str[:10], format="%Y-%m-%d", errors="coerce")
    is_sound = day.notna() & (number.notna() | (lines.paid_amount == "")) & lines.rendering_npi.map(has_check_digit)
    lines = lines.assign(day=day, paid=number.fillna(0), quantity=pd.to_numeric(lines.service_unit_quantity).fillna(1))
    lines = lines[is_sound].sort_values("file_date", kind="stable")
    return lines.drop_duplicates(["claim_id", "claim_line_number"], keep="last")


def has_check_digit(npi: str) -> bool:
    if not npi:
        return True
    digits = [int(digit) for digit in "80840" + npi]
    doubled = [2 * digit - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return len(npi) == 10 and sum(doubled) % 10 == 0


@pytest.fixture(scope="module")
def families(world) -> dict[str, str]:
    rows = read(world.landing / "company" / "procedure_families.csv")
    return {row.code: row.procedure_family for row in rows.itertuples() if row.code_system == "HCPCS"}


def test_claim_lines_by_provider_family_and_month_to_the_unit(first_night, claim_lines, families):
    lines = claim_lines[
        (claim_lines.claim_type == "professional") & ~claim_lines.hcpcs_modifier_1.isin(ASSISTANTS)
        & (claim_lines.quantity > 0) & (claim_lines.paid >= 0) & (claim_lines.rendering_npi != "")
    ]  # fmt: skip
    lines = lines.assign(family=lines.hcpcs_code.map(families), month=lines.day.dt.to_period("M").dt.start_time.dt.date)
    expected = lines.dropna(subset=["family"]).groupby(["rendering_npi", "family", "month"]).quantity.sum().to_dict()
    found = first_night.query("""
        select npi, procedure_family, period_start, services from provider_procedures
        where claims_source = 'claim_lines' and services > 0
    """)
    assert len(expected) > 3000
    assert {(npi, family, month): services for npi, family, month, services in found} == expected


def test_volumes_are_those_that_were_planted(first_night, world):
    """Complete months of providers whom the claim feed covers: no procedure too many, and only reversed or spoilt lines are wanting."""
    planted = pd.read_parquet(world.truth / "volume_rates.parquet")
    planted["month"] = pd.to_datetime(planted.month).dt.date
    complete = date(world.as_of.year - 1, world.as_of.month, 1)
    found = {
        key: services
        for *key_parts, services in first_night.query("""
            select npi, procedure_family, period_start, services from provider_procedures where claims_source = 'claim_lines'
        """)
        if (key := tuple(key_parts))[2] < complete
    }
    true = {
        (npi, family, month): number
        for npi, family, month, number in planted[["npi", "procedure_family", "month", "procedures"]].itertuples(index=False, name=None)
        if number and month < complete
    }  # fmt: skip
    covered = {(npi, family) for npi, family, _ in found}
    true = {key: number for key, number in true.items() if key[:2] in covered}
    assert len(true) > 2000
    assert [key for key, services in found.items() if services > true.get(key, 0)] == []
    assert sum(found.values()) >= 0.97 * sum(true.values())


# What Open Payments calls each column, before 2021 and since.
PERSON = {"general": ("Covered_Recipient", "Physician"), "ownership": ("Physician", "Physician")}
MAKER = "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name"
KIND = {"GNRL": "general", "RSRCH": "research", "OWNRSHP": "ownership"}


@pytest.fixture(scope="module")
def payments(world) -> pd.DataFrame:
    """Every payment of the newest release of each year and kind, a row for each person who is named in it."""
    folder = world.landing / "open_payments"
    profiles = read(folder / "OP_CVRD_RCPNT_PRFL_SPLMTL_P06302026.csv")
    npi_of = dict(zip(profiles.Covered_Recipient_Profile_ID, profiles.Covered_Recipient_NPI, strict=True))
    newest: dict[tuple[str, str], Path] = {}
    for path in folder.glob("OP_DTL_*.csv"):
        _, _, kind, year, release = path.stem.split("_")
        key = (KIND[kind], year.removeprefix("PGYR"))
        newest[key] = max(newest.get(key, path), path, key=lambda p: p.stem[-4:] + p.stem[-8:-4])
    assert any(path.stem.endswith("P01302026") for path in newest.values())
    releases = {key: read(path) for key, path in newest.items()}
    # A profile that the supplement leaves out is known by the payments that bear an NPI beside it, the newest year first.
    for (kind, _), table in sorted(releases.items(), key=lambda item: item[0][1], reverse=True):
        for who in people(kind):
            if f"{who}_NPI" in table:
                for profile, npi in zip(table[f"{who}_Profile_ID"], table[f"{who}_NPI"], strict=True):
                    if profile and npi:
                        npi_of.setdefault(profile, npi)
    rows = []
    for (kind, year), table in releases.items():
        table = table[table.Change_Type != "DELETED"].drop_duplicates("Record_ID")
        amount = "Total_Amount_Invested_USDollars" if kind == "ownership" else "Total_Amount_of_Payment_USDollars"
        for record in table.to_dict("records"):
            paid_on = record.get("Date_of_Payment")
            if not record[amount].replace(".", "").isdigit() or (paid_on and not is_a_day(paid_on)):
                continue  # the border sets it apart: no number, below zero, no such day
            named = {
                npi
                for who in people(kind)
                if (npi := record.get(f"{who}_NPI") or npi_of.get(record.get(f"{who}_Profile_ID")))
            }
            nature = record.get("Nature_of_Payment_or_Transfer_of_Value") or kind
            count = int(record.get("Number_of_Payments_Included_in_Total_Amount") or 1)
            rows += [
                (
                    npi,
                    record[MAKER],
                    int(year),
                    nature,
                    count,
                    Decimal(record[amount]),
                    record["Dispute_Status_for_Publication"],
                )
                for npi in named
                if has_check_digit(npi)
            ]
    return pd.DataFrame(rows, columns=["npi", "maker", "year", "nature", "count", "usd", "disputed"])


def is_a_day(text: str) -> bool:
    return not pd.isna(pd.to_datetime(text, format="%m/%d/%Y", errors="coerce"))


def people(kind: str) -> list[str]:
    if kind == "research":
        who = ["Covered_Recipient", "Physician", *(f"Principal_Investigator_{place}" for place in range(1, 6))]
        return who + [f"Principal_Investigator_{place}_Covered_Recipient" for place in range(1, 6)]
    return list(PERSON[kind])


def test_payments_of_all_kinds_to_the_cent(first_night, world, payments):
    makers = read(world.landing / "company" / "manufacturers.csv").set_index("open_payments_name")
    told = payments[payments.disputed != "Yes"]
    expected: dict = defaultdict(lambda: [0, Decimal(0)])
    for row in told.itertuples():
        relation = makers.relation.get(row.maker, "other")
        total = expected[row.npi, makers.manufacturer.get(row.maker, row.maker), row.year, row.nature, relation]
        total[0] += row.count
        total[1] += row.usd
    found = first_night.query(
        "select npi, manufacturer, payment_year, nature, relation, payments, amount_usd from provider_payments"
    )
    assert {key[3] for key in expected} >= {"research", "ownership"}
    assert len(expected) > 1000
    assert {tuple(key): [count, Decimal(str(round(usd, 2)))] for *key, count, usd in found} == expected


def test_affiliations_begin_and_end_with_the_copies_that_tell_them(first_night, world):
    copies = {}
    for path in sorted((world.landing / "registry").glob("Facility_Affiliation_*.csv")):
        rows = read(path)
        facility = rows["Facility Affiliations Certification Number"].str.zfill(6)
        copies[date.fromisoformat(path.stem[-10:])] = set(zip(rows.NPI, facility, strict=True))
    days = sorted(copies)
    expected = set()
    for pair in set().union(*copies.values()):
        since = None
        for day in days:
            if pair in copies[day] and since is None:
                since = day
            elif pair not in copies[day] and since is not None:
                expected.add((*pair, since, day - pd.Timedelta(days=1)))
                since = None
        if since is not None:
            expected.add((*pair, since, None))
    found = first_night.query("select npi, facility_id, valid_from, valid_to from provider_affiliations")
    assert len(expected) > 200
    assert Counter(found) == Counter(expected)


def test_movers_stand_at_their_new_facility(first_night, world):
    moves = pd.read_parquet(world.truth / "moves.parquet")
    moves = moves[pd.to_datetime(moves.moved_in) < pd.Timestamp(world.as_of) - pd.DateOffset(months=6)]
    hospitals = {row[0] for row in first_night.query("select distinct facility_id from provider_affiliations")}
    stays = {(npi, facility): (since, until) for npi, facility, since, until in first_night.query(
        "select npi, facility_id, valid_from, valid_to from provider_affiliations order by valid_from")}  # fmt: skip
    seen = 0
    for move in moves.itertuples():
        if move.to_facility in hospitals and (move.npi, move.to_facility) in stays:
            since, until = stays[move.npi, move.to_facility]
            seen += 1
            assert until is None
            assert since >= date(2024, 6, 1)
    assert seen


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
