"""What any linkage could find on a simulated world: an oracle that knows every probability by which the world was made.

It weighs each contact against everybody in the register, without blocking, by Bayes' rule with the world's own rates of nicknames, slips,
moves and so on; it knows whom the register holds, and links the surest while it expects one link in a hundred to be wrong. Belongs here: the
oracle. Not here: any linkage of the product, which knows none of this.
"""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

from tests.linkage.names import FAMILIAR, LAST
from tests.linkage.telephones import ENTERED, REGISTERED, digits
from tests.linkage.trades import MIXED, Trades
from tests.linkage.world import PLACES, Dirt, World

Spellings = dict[str, float]


def recall(landing: Path, world: World, dirt: Dirt, trades: Trades = MIXED, **_: int) -> float:
    """The share of the contacts of registered people that the oracle links rightly."""
    with open(landing / "crm" / "salesforce" / "Contact.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if world.truth[row["Id"]] is not None]
    register = _Register(world, dirt, trades)
    chances, right = np.empty(len(rows)), np.empty(len(rows), bool)
    for number, row in enumerate(rows):
        likelihoods = register.likelihoods(row)
        best = int(likelihoods.argmax())
        chances[number] = likelihoods[best] / max(likelihoods.sum(), 1e-300)
        right[number] = world.people[best].npi == world.truth[row["Id"]]
    surest = np.argsort(-chances, kind="stable")
    errors = np.cumsum(1 - chances[surest]) / np.arange(1, len(rows) + 1)
    return float(right[surest][errors <= 0.01].sum() / len(rows))


class _Register:
    """Everybody in it, and how likely each one is to be written as a contact is."""

    def __init__(self, world: World, dirt: Dirt, trades: Trades) -> None:
        people = world.people
        self.dirt, self.trades = dirt, trades
        self.phone = np.array(world.registered_phones)
        self.firsts, self.first = _numbered([person.first for person in people])
        self.lasts, self.last = _numbered([(person.last, person.former) for person in people])
        self.places, self.place = _numbered([person.place for person in people])
        self.specialties, self.specialty = _numbered([person.specialty for person in people])
        self.npis = np.array([[int(digit) for digit in person.npi] for person in people])
        self.first_spellings = [_first_names(first, dirt) for first in self.firsts]
        self.last_spellings = [_last_names(last, former, dirt) for last, former in self.lasts]

    def likelihoods(self, row: dict[str, str]) -> np.ndarray:
        given, family, dirt = row["FirstName"], row["LastName"], self.dirt
        likely = (1 - dirt.swapped) * self._named(given, family) + dirt.swapped * self._named(family, given)
        zip5, state = row["MailingPostalCode"], row["MailingState"]
        there = np.array([place[2] == zip5 if zip5 else place[1] == state for place in self.places])
        elsewhere = sum(place[2] == zip5 if zip5 else place[1] == state for place in PLACES) / len(PLACES)
        stayed, moved = (1 - dirt.moved) * there[self.place], dirt.moved * elsewhere
        if phone := digits(row["Phone"]):
            # A registered number is that of the practice, else a stranger's. What else a CRM may hold is as likely of everybody.
            common = np.mean(self.phone[there[self.place]] == phone) + 1e-4
            told = ENTERED["practice"] * REGISTERED["practice"]
            stayed = stayed * (told * (self.phone == phone) + (1 - told) * common)
            moved = moved * common
        likely = likely * (stayed + moved)
        if word := row["Specialty__c"]:
            written = [self.trades[specialty].written for specialty in self.specialties]
            likely = likely * np.array([words.count(word) / len(words) for words in written])[self.specialty]
        return likely * self._numbered_so(row["NPI__c"]) if row["NPI__c"] else likely

    def _named(self, given: str, family: str) -> np.ndarray:
        firsts = np.array([spellings.get(given, 0.0) for spellings in self.first_spellings])
        lasts = np.array([spellings.get(family, 0.0) for spellings in self.last_spellings])
        return firsts[self.first] * lasts[self.last]

    def _numbered_so(self, npi: str) -> np.ndarray:
        differs = self.npis != np.array([int(digit) for digit in npi])
        is_slip = (differs.sum(axis=1) == 1) & (differs[:, 2:].sum(axis=1) == 1)
        of_another = self.dirt.npi_of_another
        kept = of_another / len(self.npis) + (1 - of_another) * ~differs.any(axis=1)
        return self.dirt.miskeyed_npi * is_slip / 72 + (1 - self.dirt.miskeyed_npi) * kept


def _numbered(values: list) -> tuple[list, np.ndarray]:
    """The different values, and which of them each one is."""
    different = list(dict.fromkeys(values))
    place = {value: number for number, value in enumerate(different)}
    return different, np.array([place[value] for value in values])


def _first_names(first: str, dirt: Dirt) -> Spellings:
    spellings: Spellings = defaultdict(float)
    spellings[FAMILIAR.get(first, first)] += dirt.nickname
    spellings[first[0] + "."] += (1 - dirt.nickname) * dirt.initial
    spellings[first] += (1 - dirt.nickname) * (1 - dirt.initial)
    return spellings


def _last_names(last: str, former: str | None, dirt: Dirt) -> Spellings:
    names: Spellings = defaultdict(float)
    now = 0.5 if former else 1.0
    if former:
        names[former] += 1 - now
    for other in LAST:
        names[f"{last}-{other}"] += now * dirt.married_since / len(LAST)
    names[last.replace(" ", "-")] += now * (1 - dirt.married_since) * dirt.hyphenated
    names[last] += now * (1 - dirt.married_since) * (1 - dirt.hyphenated)
    spellings: Spellings = defaultdict(float)
    for name, share in names.items():
        slip = dirt.misspelt if len(name) > 4 else 0.0
        spellings[name] += share * (1 - slip)
        for written, chance in _slips(name) if slip else ():
            spellings[written] += share * slip * chance
    return spellings


def _slips(name: str) -> list[tuple[str, float]]:
    """Every slip of one letter (left out, doubled, changed over with the one before) and its chance."""
    places = range(1, max(2, len(name) - 1))
    chance = 1 / len(places) / 3
    return [
        (written, chance)
        for at in places
        for written in (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[: at - 1] + name[at : at + 1] + name[at - 1 : at] + name[at + 1 :],
        )
    ]
