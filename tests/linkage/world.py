"""A register of providers and a CRM that speaks of them at a stated level of dirt, with the truth of who is who.

Belongs here: what goes wrong in a CRM (nicknames, maiden names, twins at one address, moved practices, swapped names, wrong NPIs,
duplicates, people who are no providers). Not here: any linkage, nor who has which telephone (`telephones`). Names, nicknames and
frequencies are this module's own.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tests.ingest.conftest import npi
from tests.linkage import customs as written
from tests.linkage import telephones
from tests.linkage.customs import Customs, Place
from tests.linkage.names import FAMILIAR, FIRST, LAST
from tests.linkage.trades import MIXED, Trades

PLACES = [
    ("Springfield", "MA", "01103"), ("Boston", "MA", "02114"), ("Worcester", "MA", "01605"), ("Lowell", "MA", "01852"),
    ("Hartford", "CT", "06106"), ("New Haven", "CT", "06510"), ("Stamford", "CT", "06902"), ("Danbury", "CT", "06810"),
    ("Albany", "NY", "12208"), ("Buffalo", "NY", "14203"), ("Rochester", "NY", "14642"), ("Syracuse", "NY", "13210"),
]  # fmt: skip
NEW_ENGLAND = Customs(tuple(PLACES))
AS_OF = date(2025, 6, 30)


@dataclass(frozen=True)
class Dirt:
    """How often what is wrong in a CRM: shares of its contacts."""

    has_npi: float
    miskeyed_npi: float
    npi_of_another: float
    nickname: float
    initial: float
    married_since: float
    hyphenated: float
    misspelt: float
    swapped: float
    moved: float
    no_specialty: float
    no_address: float
    duplicates: float
    no_phone: float = 0.4
    no_email: float = 0.6
    unregistered: float = 0.0


LIGHT = Dirt(0.8, 0.01, 0.005, 0.08, 0.01, 0.01, 0.01, 0.01, 0.002, 0.05, 0.05, 0.02, 0.03)
MEDIUM = Dirt(0.5, 0.03, 0.01, 0.15, 0.02, 0.02, 0.02, 0.03, 0.005, 0.10, 0.15, 0.05, 0.06)
HEAVY = Dirt(0.25, 0.05, 0.02, 0.22, 0.04, 0.03, 0.03, 0.05, 0.01, 0.15, 0.25, 0.10, 0.10)


@dataclass
class Person:
    npi: str
    first: str
    last: str
    former: str | None
    specialty: str
    place: tuple[str, str, str]
    is_relative: bool = False
    middle: str = ""
    suffix: str = ""

    @property
    def email(self) -> str:
        return f"{self.npi[-6:]}@clinic.example"


@dataclass
class World:
    """`truth`: contact id -> NPI, None for whom the register does not hold; `copies`: duplicate contact id -> the first one's;
    `people`: whom the register holds; `registered_phones`: the number that it tells of each of them."""

    truth: dict[str, str | None] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    registered_phones: list[str] = field(default_factory=list)


def write(
    landing: Path,
    dirt: Dirt,
    seed: int,
    providers: int = 3000,
    contacts: int = 900,
    trades: Trades = MIXED,
    customs: Customs = NEW_ENGLAND,
) -> World:
    """Writes register, accounts and contacts below `landing` and returns the truth."""
    rng = np.random.default_rng(seed)
    people = _register(rng, providers, trades, customs.places)
    # Customs and numbers are drawn apart, so that a seed's people and names are the same with and without them.
    manner = np.random.default_rng([seed, 20])
    people = written.christened(manner, customs, people)
    dial = np.random.default_rng([seed, 10])
    phones = telephones.told(dial, [person.place for person in people], [person.is_relative for person in people])
    # Users of whom the register has never heard.
    held = dial.random(len(people)) >= dirt.unregistered
    registered = [number for number in range(len(people)) if held[number]]
    world, rows = World(people=[people[at] for at in registered]), []
    world.registered_phones = [phones.registered[at] for at in registered]
    _write_register(landing, world.people, world.registered_phones, trades)

    def add(contact_id: str, at: int) -> None:
        def dialled(place: telephones.Place, is_moved: bool) -> str:
            return telephones.entered(dial, phones, at, place, is_moved)

        row = _contact(rng, dirt, contact_id, people[at], people, trades, customs.places, dialled)
        if customs is not NEW_ENGLAND:
            row["FirstName"], row["LastName"] = written.entered(
                manner, customs, people[at], row["FirstName"], row["LastName"]
            )
        rows.append(row)
        world.truth[contact_id] = people[at].npi if held[at] else None

    known = rng.choice(len(people), size=contacts, replace=False)
    for number, at in enumerate(known):
        contact_id = f"003A{number:011d}"
        add(contact_id, at)
        if rng.random() < dirt.duplicates:
            copy_id = f"003C{number:011d}"
            add(copy_id, at)
            world.copies[copy_id] = contact_id
    for number in range(contacts // 12 + int(contacts * customs.staff)):
        contact_id = f"003B{number:011d}"
        stranger = _stranger(rng, contact_id, number % 2 == 0, customs.places)
        if number >= contacts // 12:
            stranger = written.staff(manner, stranger)
        place = (stranger["MailingCity"], stranger["MailingState"], stranger["MailingPostalCode"])
        has_phone = dial.random() >= dirt.no_phone
        rows.append(stranger | {"Phone": telephones.entered(dial, phones, None, place, False) if has_phone else ""})
        world.truth[contact_id] = None
    rng.shuffle(rows)
    write_rows(landing / "crm" / "salesforce" / "Contact.csv", rows)
    return world


def _names(rng: np.random.Generator, size: int) -> tuple[list[str], list[str]]:
    """First and last names, the frequent ones often: weights fall with the square root of their place."""
    drawn = []
    for names in (FIRST, LAST):
        weights = 1 / np.sqrt(np.arange(1, len(names) + 1))
        drawn.append([name.replace("-", " ") for name in rng.choice(names, size=size, p=weights / weights.sum())])
    return drawn[0], drawn[1]


def _register(rng: np.random.Generator, size: int, trades: Trades, places: Sequence[Place]) -> list[Person]:
    first, last = _names(rng, size)
    _, former = _names(rng, size)
    specialties, people = list(trades), []
    for i in range(size):
        place = places[rng.integers(len(places))]
        person = Person(
            npi(i), first[i], last[i], former[i] if rng.random() < 0.05 else None, str(rng.choice(specialties)), place
        )
        if i and rng.random() < 0.03:  # a relative in the same practice: one family name, one address, one trade
            other = people[-1]
            alike = [name for name in FIRST if name[0] == other.first[0] and name != other.first] or [person.first]
            person = Person(
                npi(i), str(rng.choice(alike)), other.last, None, other.specialty, other.place, is_relative=True
            )
        people.append(person)
    return people


def _misspelt(rng: np.random.Generator, name: str) -> str:
    at = int(rng.integers(1, max(2, len(name) - 1)))
    kind = rng.integers(3)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:] if at < len(name) else name + name[-1]
    return name[: at - 1] + name[at : at + 1] + name[at - 1 : at] + name[at + 1 :]


def _contact(
    rng: np.random.Generator,
    dirt: Dirt,
    contact_id: str,
    person: Person,
    people: list[Person],
    trades: Trades,
    places: Sequence[Place],
    dialled: Callable[[telephones.Place, bool], str],
) -> dict:
    def happens(share: float) -> bool:
        return bool(rng.random() < share)

    first, last = person.first, person.last
    if happens(dirt.nickname):
        first = FAMILIAR.get(first, first)
    elif happens(dirt.initial):
        first = first[0] + "."
    if person.former and happens(0.5):
        last = person.former
    elif happens(dirt.married_since):
        last = f"{last}-{LAST[rng.integers(len(LAST))]}"
    elif happens(dirt.hyphenated):
        last = last.replace(" ", "-")
    if happens(dirt.misspelt) and len(last) > 4:
        last = _misspelt(rng, last)
    if happens(dirt.swapped):
        first, last = last, first
    is_moved = happens(dirt.moved)
    city, state, zip5 = place = places[rng.integers(len(places))] if is_moved else person.place
    given = ""
    if happens(dirt.has_npi):
        given = person.npi
        if happens(dirt.miskeyed_npi):
            at = int(rng.integers(2, 10))
            given = given[:at] + str((int(given[at]) + int(rng.integers(1, 10))) % 10) + given[at + 1 :]
        elif happens(dirt.npi_of_another):
            given = people[rng.integers(len(people))].npi
    has_address = not happens(dirt.no_address)
    return {
        "Id": contact_id, "AccountId": "", "FirstName": first, "LastName": last, "Title": "", "NPI__c": given,
        "Specialty__c": "" if happens(dirt.no_specialty) else str(rng.choice(trades[person.specialty].written)),
        "Stakeholder_Role__c": "User", "MailingCity": city if has_address else "", "MailingState": state,
        "MailingPostalCode": zip5 if has_address else "", "CreatedDate": "2021-01-01T00:00:00.000Z",
        "Phone": "" if happens(dirt.no_phone) else dialled(place, is_moved), "Email": "" if happens(dirt.no_email) else person.email,
    }  # fmt: skip


def _stranger(rng: np.random.Generator, contact_id: str, is_office: bool, places: Sequence[Place]) -> dict:
    """Whom the register does not hold: an office worker, or somebody whose name may be like a provider's."""
    first, last = (names[0] for names in _names(rng, 1))
    city, state, zip5 = places[rng.integers(len(places))]
    return {
        "Id": contact_id, "AccountId": "", "FirstName": first, "LastName": last, "NPI__c": "", "Specialty__c": "",
        "Title": "Director of Procurement" if is_office else "", "Stakeholder_Role__c": "Buyer" if is_office else "",
        "MailingCity": city, "MailingState": state, "MailingPostalCode": zip5, "CreatedDate": "2021-01-01T00:00:00.000Z",
    }  # fmt: skip


def _write_register(landing: Path, people: list[Person], phones: list[str], trades: Trades) -> None:
    rows = [
        {
            "NPI": person.npi, "Entity Type Code": "1", "Provider Last Name (Legal Name)": person.last.upper(),
            "Provider First Name": person.first.upper(), "Provider Middle Name": person.middle.upper(),
            "Provider Name Suffix Text": person.suffix.upper(), "Provider Other Last Name": (person.former or "").upper(),
            "Provider Business Practice Location Address City Name": person.place[0].upper(),
            "Provider Business Practice Location Address State Name": person.place[1],
            "Provider Business Practice Location Address Postal Code": person.place[2] + "1234",
            "Provider Business Practice Location Address Telephone Number": phones[i],
            "Provider Enumeration Date": (date(2006, 1, 1) + timedelta(days=i % 4000)).strftime("%m/%d/%Y"),
            "NPI Deactivation Date": "", "Healthcare Provider Taxonomy Code_1": trades[person.specialty].taxonomy,
            "Healthcare Provider Primary Taxonomy Switch_1": "Y",
        }
        for i, person in enumerate(people)
    ]  # fmt: skip
    write_rows(landing / "registry" / "npidata_pfile_20050523-20250608.csv", rows)


def write_rows(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
