"""A register of hospitals and a CRM's accounts that speak of them, with the truth of which is which.

Belongs here: what goes wrong with accounts (namesakes in one city and in other states, names of systems, abbreviations, moves, wrong,
shortened and missing CCNs, copies, departments, clinics that no register holds). Not here: any linkage, nor people (`world`).
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.linkage.world import write_rows

_STATES = {
    "AL": "01",
    "CA": "05",
    "CO": "06",
    "CT": "07",
    "GA": "11",
    "IL": "14",
    "MA": "22",
    "MO": "26",
    "OH": "36",
    "OR": "38",
    "ME": "20",
}
# City, state, first ZIP of the city; several names of cities stand in more than one state.
_CITIES = (
    "Springfield IL 62701,Springfield MA 01103,Springfield MO 65801,Portland OR 97201,Portland ME 04101,Columbus OH 43201,Columbus GA 31901,"
    "Athens GA 30601,Athens OH 45701,Athens AL 35611,Denver CO 80201,Hartford CT 06101,Fresno CA 93701,Mobile AL 36601,Auburn ME 04210,"
    "Macon GA 31201,Savannah GA 31401,Augusta GA 30901,Augusta ME 04330,Dayton OH 45402,Toledo OH 43604,Dover OH 44622,Bangor ME 04401,Eugene OR 97401,"
    "Bend OR 97701,Pueblo CO 81003,Boulder CO 80301,Danbury CT 06810,Norwich CT 06360,Peoria IL 61602,Decatur IL 62521,Decatur AL 35601,Decatur GA 30030,"
    "Huntsville AL 35801,Worcester MA 01602,Lowell MA 01850,Joplin MO 64801,Columbia MO 65201,Oakland CA 94601,Pasadena CA 91101,Bakersfield CA 93301,"
    "Auburn AL 36830,Salem OR 97301,Salem MA 01970,Boston MA 02108,Chicago IL 60601,Aurora CO 80010,Aurora IL 60502,Quincy IL 62301,Quincy MA 02169"
)  # fmt: skip
CITIES = [(*place.rsplit(" ", 2),) for place in _CITIES.split(",")]
_TELLING = "Saint Mary,Saint Joseph,Saint Luke,Mercy,Good Samaritan,Providence,Holy Cross,Sacred Heart,Memorial,Riverside,Lakeview,Mount Sinai"
_KINDS = "Hospital,Medical Center,Regional Medical Center,Community Hospital,General Hospital,Health Center"
_SHORT = {
    "Saint": "St.", "Mount": "Mt", "Hospital": "Hosp", "Medical": "Med", "Center": "Ctr", "Regional": "Reg", "Community": "Comm",
    "General": "Gen", "Memorial": "Meml", "Health": "Hlth",
}  # fmt: skip
SYSTEMS = ("Trinity Health", "Ascendant Health", "CommonCare", "Northern Star Health System")
# Shares of the accounts.
HAS_CCN, OF_ANOTHER, MISKEYED, ABBREVIATED, WITH_SYSTEM, ONLY_SYSTEM = 0.5, 0.02, 0.02, 0.35, 0.10, 0.02
MISSPELT, MOVED, PLUS_FOUR, NO_ZIP, COPIES, DEPARTMENTS, UNREGISTERED = 0.04, 0.05, 0.3, 0.05, 0.08, 0.05, 0.10


@dataclass(frozen=True)
class Hospital:
    ccn: str
    name: str
    city: str
    state: str
    zip5: str


@dataclass
class Accounts:
    """`truth`: account id -> CCN, None for whom no register holds; `copies`: copy's id -> the first record's."""

    truth: dict[str, str | None] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)


def write(landing: Path, seed: int, hospitals: int = 400) -> Accounts:
    """Writes register and accounts below `landing` and returns the truth; every hospital has an account."""
    rng = np.random.default_rng(seed)
    register = _register(rng, hospitals)
    write_rows(
        landing / "registry" / "Hospital_General_Information_20250401.csv",
        [
            {"Facility ID": h.ccn, "Facility Name": h.name.upper(), "Address": "1 Main St", "City/Town": h.city.upper(), "State": h.state,
             "ZIP Code": h.zip5, "Hospital Type": "Acute Care Hospitals", "Hospital Ownership": "Voluntary"}
            for h in register
        ],
    )  # fmt: skip
    world, rows = Accounts(), []

    def add(letter: str, number: int, hospital: Hospital, ccn: str | None, **changed: str) -> str:
        rows.append(_account(rng, f"001{letter}{number:011d}", hospital, register) | changed)
        world.truth[rows[-1]["Id"]] = ccn
        return rows[-1]["Id"]

    for number, at in enumerate(rng.permutation(len(register))):
        hospital = register[at]
        first = add("A", number, hospital, hospital.ccn)
        if rng.random() < COPIES:
            world.copies[add("C", number, hospital, hospital.ccn, CreatedDate="2023-01-01T00:00:00.000Z")] = first
        if rng.random() < DEPARTMENTS:
            add("D", number, hospital, hospital.ccn, ParentId=first, CreatedDate="2023-01-01T00:00:00.000Z")
        if rng.random() < UNREGISTERED:
            clinic = f"{hospital.name.split(' ')[0]} {rng.choice(['Surgery Center', 'Orthopedic Clinic', 'Imaging', 'Medical Group'])}"
            first = add("B", number, hospital, None, Name=clinic, CCN__c="")
            if number % 4 == 0:
                copy = rows[-1] | {
                    "Id": f"001E{number:011d}",
                    "Name": clinic.upper(),
                    "CreatedDate": "2023-01-01T00:00:00.000Z",
                }
                rows.append(copy)
                world.truth[copy["Id"]], world.copies[copy["Id"]] = None, first
    write_rows(landing / "crm" / "salesforce" / "Account.csv", [rows[at] for at in rng.permutation(len(rows))])
    return world


def _register(rng: np.random.Generator, size: int) -> list[Hospital]:
    """Names repeat: about one hospital in four has a namesake of another state, a few one in their own city."""
    telling, kinds = _TELLING.split(","), _KINDS.split(",")
    register: list[Hospital] = []
    for number in range(size):
        city, state, first_zip = CITIES[rng.integers(len(CITIES))]
        name = f"{rng.choice([*telling, city, city])} {rng.choice(kinds)}"
        zip5 = f"{int(first_zip) + int(rng.integers(8)):05d}"
        if number and rng.random() < 0.03:  # a second campus under one name
            before = register[-1]
            name, city, state = before.name, before.city, before.state
            zip5 = f"{int(before.zip5) + 1:05d}"
        register.append(Hospital(f"{_STATES[state]}{number:04d}", name, city, state, zip5))
    return register


def _name(rng: np.random.Generator, hospital: Hospital) -> str:
    name = hospital.name
    if rng.random() < ABBREVIATED:
        name = " ".join(_SHORT.get(word, word) for word in name.split(" "))
    if rng.random() < MISSPELT:
        at = int(rng.integers(1, len(name) - 1))
        name = name[:at] + name[at + 1 :]
    system = SYSTEMS[int(hospital.ccn) % len(SYSTEMS)]
    if rng.random() < WITH_SYSTEM:
        return f"{system} - {name}"
    return system if rng.random() < ONLY_SYSTEM else name


def _ccn(rng: np.random.Generator, hospital: Hospital, register: list[Hospital]) -> str:
    if rng.random() >= HAS_CCN:
        return ""
    ccn = hospital.ccn
    chance = rng.random()
    if chance < OF_ANOTHER:
        ccn = register[rng.integers(len(register))].ccn
    elif chance < OF_ANOTHER + MISKEYED:
        ccn = ccn[:2] + "9" + ccn[3:]
    return ccn.lstrip("0") if rng.random() < 0.5 else ccn


def _account(rng: np.random.Generator, account_id: str, hospital: Hospital, register: list[Hospital]) -> dict:
    city, state, zip5 = hospital.city, hospital.state, hospital.zip5
    if rng.random() < MOVED:  # the address that the register has meanwhile replaced, in the same state
        city, _, first_zip = [place for place in CITIES if place[1] == state][
            rng.integers(sum(p[1] == state for p in CITIES))
        ]
        zip5 = f"{int(first_zip) + int(rng.integers(8)):05d}"
    if rng.random() < PLUS_FOUR:
        zip5 = f"{zip5}-1200"
    return {
        "Id": account_id, "ParentId": "", "Name": _name(rng, hospital), "Type": "Hospital", "CCN__c": _ccn(rng, hospital, register), "BillingCity": city,
        "BillingState": state, "BillingPostalCode": "" if rng.random() < NO_ZIP else zip5, "CreatedDate": "2021-01-01T00:00:00.000Z",
    }  # fmt: skip
