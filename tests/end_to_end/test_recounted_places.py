"""What is told of facilities and territories, counted again from the raw files: sightings, contracts, committees, alignment.

Nothing here is the product's code; whom a contact is comes from what was planted.
"""

from collections import Counter, defaultdict
from datetime import date

import pandas as pd
import pytest

from tests.end_to_end.recounted import read, whole_ids


@pytest.fixture(scope="module")
def facility_of(world, crm) -> dict[str, str]:
    """The facility of each account: by its CCN, a centre without one by the NPI of the organisation, without either by name and ZIP."""
    accounts = read(crm / "Account.csv", encoding_errors="replace")
    hospitals = read(world.landing / "registry" / "Hospital_General_Information.csv")
    named = dict(
        zip(
            zip(hospitals["Facility Name"].str.upper(), hospitals["ZIP Code"], strict=True),
            hospitals["Facility ID"],
            strict=True,
        )
    )
    found = {
        row.Id: row.CCN__c.zfill(6)
        if row.CCN__c
        else row.NPI__c or named.get((row.Name.upper(), row.BillingPostalCode[:5]))
        for row in accounts.itertuples()
    }
    return {account: facility for account, facility in found.items() if facility}


@pytest.fixture(scope="module")
def contacts(crm) -> pd.DataFrame:
    return read(crm / "Contact.csv").set_index("Id")


@pytest.fixture(scope="module")
def npi_of(world) -> dict[str, str]:
    return pd.read_parquet(world.truth / "contact_links.parquet").set_index("contact_id").npi.to_dict()


@pytest.fixture(scope="module")
def alignment(world) -> pd.DataFrame:
    rows = read(world.landing / "company" / "territory_alignment.csv")
    today = world.as_of.isoformat()
    rows["is_current"] = (rows.valid_from <= today) & ((rows.valid_to == "") | (rows.valid_to >= today))
    return rows


@pytest.fixture(scope="module")
def territory_of(first_night, alignment) -> dict[str, str | None]:
    """The primary territory of each facility's ZIP; where it lies is tested against its register elsewhere."""
    now = alignment[alignment.is_current & (alignment.kind == "primary")].set_index("zip5").territory_id
    return {facility: now.get(zip5) for facility, zip5 in first_night.query("select facility_id, zip5 from facilities")}


def test_sightings_to_the_row(first_night, crm, world, contacts, facility_of, territory_of, npi_of):
    sightings = read(crm / "Competitor_Activity__c.csv")
    for column in ("Id", "Account__c", "Contact__c", "OwnerId"):
        sightings[column] = whole_ids(sightings[column])
    sightings = sightings[sightings.Observed_On__c <= world.as_of.isoformat()].drop_duplicates("Id")
    expected = {}
    for row in sightings.itertuples():
        account = row.Account__c or contacts.AccountId.get(row.Contact__c)
        facility = facility_of.get(account)
        expected[row.Id] = (
            account, facility, territory_of.get(facility), row.Contact__c or None, row.OwnerId, row.Competitor__c,
            date.fromisoformat(row.Observed_On__c),
        )  # fmt: skip
    found = first_night.query("""
        select sighting_id, npi, account_id, facility_id, territory_id, contact_id, rep_id, competitor, observed_on
        from competitor_sightings
    """)
    assert len(found) == len(expected) > 50
    assert {key: tuple(told) for key, _, *told in found} == expected
    assert {told[1] for told in expected.values()} - {None}
    seen_with = {key: (npi, contact) for key, npi, _, _, _, contact, *_ in found if npi}
    assert all(npi_of[contact] == npi for npi, contact in seen_with.values())
    assert len(seen_with) >= 0.9 * sum(told[3] in npi_of for told in expected.values())


def test_contracts_to_the_row(first_night, crm, world, facility_of, territory_of):
    contracts = read(crm / "Contract.csv").drop_duplicates("Id")
    makers = read(world.landing / "company" / "manufacturers.csv")
    relations = dict(zip(makers.manufacturer, makers.relation, strict=True))
    today = world.as_of
    expected = Counter()
    for row in contracts[contracts.StartDate <= today.isoformat()].itertuples():
        starts, ends = date.fromisoformat(row.StartDate), date.fromisoformat(row.EndDate)
        facility = facility_of[row.AccountId]
        is_running = ends >= today
        expected[
            row.Id, row.AccountId, facility, territory_of[facility], row.Supplier__c, relations[row.Supplier__c],
            row.Procedure_Family__c or None, starts, ends, (ends - today).days if is_running else None, is_running,
        ] += 1  # fmt: skip
    found = first_night.query("""
        select contract_id, account_id, facility_id, territory_id, supplier, relation, procedure_family, starts_on, ends_on,
            days_to_end, is_running
        from facility_contracts
    """)
    assert {running for *_, running in found} == {True, False}
    assert len(found) < len(contracts), "a contract that has not begun is known to nobody"
    assert Counter(found) == expected


def test_committees_to_the_person_and_the_call(first_night, world, activities, contacts, facility_of, npi_of):
    """Kept calls of the twelve months to the day; records of one person count once; every facility has its three seats.

    Providers without a role in the CRM are users; of anybody else without one the role is unknown.
    """
    kept = activities[activities.is_kept & (activities.contact_id != "")]
    days: dict[str, list[date]] = defaultdict(list)
    for row in kept.itertuples():
        days[whole_ids(pd.Series([row.contact_id]))[0]].append(row.day)
    since = (pd.Timestamp(world.as_of) - pd.DateOffset(months=12)).date()
    people, contacted, last = defaultdict(set), defaultdict(set), {}
    calls: Counter = Counter()
    for contact in contacts.itertuples():
        facility = facility_of.get(contact.AccountId)
        if facility is None:
            continue
        seat = (facility, contact.Stakeholder_Role__c.lower() or ("user" if contact.Index in npi_of else "unknown"))
        person = npi_of.get(contact.Index, contact.Index)
        people[seat].add(person)
        recent = [day for day in days[contact.Index] if day > since]
        calls[seat] += len(recent)
        if recent:
            contacted[seat].add(person)
        if days[contact.Index]:
            last[seat] = max(last.get(seat, date.min), *days[contact.Index])
    seats = set(people) | {
        (place, role) for place in facility_of.values() for role in ("user", "buyer", "administrator")
    }
    expected = {
        seat: (
            len(people[seat]), len(contacted[seat]), calls[seat], last.get(seat),
            (world.as_of - last[seat]).days if seat in last else None,
            "nobody known" if not people[seat] else "contacted" if contacted[seat] else "not contacted",
        )
        for seat in seats
    }  # fmt: skip
    found = first_night.query("""
        select facility_id, role, people, people_contacted_12m, contacts_12m, last_contacted_on, days_since_contact, coverage
        from facility_committees
    """)
    assert {told[-1] for told in expected.values()} >= {"nobody known", "contacted"}
    assert {(facility, role): tuple(told) for facility, role, *told in found} == expected


def test_territories_of_each_provider_are_those_of_the_zip(first_night, world, alignment):
    """Overlays beside the primary and former ones beside the present, each once."""
    register = read(next((world.landing / "registry").glob("npidata_pfile_*.csv")))
    postal = register["Provider Business Practice Location Address Postal Code"].str.replace(r"\D", "", regex=True)
    zips = dict(zip(register.NPI, postal.str[:5], strict=True))
    persons = {npi for (npi,) in first_night.query("select npi from providers")} & {
        npi for npi, zip5 in zips.items() if zip5
    }
    expected: Counter = Counter()
    by_zip = defaultdict(list)
    for row in alignment.itertuples():
        ends = date.fromisoformat(row.valid_to) if row.valid_to else None
        by_zip[row.zip5].append((row.territory_id, row.kind, date.fromisoformat(row.valid_from), ends, row.is_current))
    for npi in persons:
        expected.update((npi, *told) for told in by_zip[zips[npi]])
    found = first_night.query(
        "select npi, territory_id, kind, valid_from, valid_to, is_current from provider_territories"
    )
    assert {kind for _, _, kind, *_ in expected} == {"primary", "overlay"}
    assert len(persons) > 300
    assert Counter(row for row in found if row[0] in persons) == expected
    primaries = dict(first_night.query("select npi, territory_id from providers where territory_id is not null"))
    assert {npi: place for npi, place, kind, _, _, now in found if kind == "primary" and now} == primaries
