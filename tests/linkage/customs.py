"""People of many origins, and the customs of those who enter their names into a CRM.

Belongs here: double surnames, particles, given names of two words, middle names, suffixes, titles, capitals, whole names in one field,
staff of whom no register of physicians knows. Not here: slips, moves and numbers (`world`), nor any linkage.
"""

from dataclasses import dataclass, replace

import numpy as np

Place = tuple[str, str, str]

_IBERIAN_FIRST = (
    "María José Juan Ana Luis Carlos Rosa Jorge Carmen Miguel Sofía Andrés Lucía Raúl Inés Ángel Julián Beatriz"
)
_IBERIAN_LAST = (
    "García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Cruz Morales Ortiz "
    "Gutiérrez Chávez Ramos Reyes Ruiz Vargas Castillo Jiménez Núñez Peña Muñoz Ibáñez Figueroa Villanueva Montalvo Quiñones"
)
_ASIAN_FIRST = (
    "Xiao-Ming Mei-Ling Jian-Guo Hui Yan Soo-Jin Min-Ho Thi-Lan Van-Hung Duc Hye-Won Jing Wen-Li Kai Ngoc-Anh Sung-Ho"
)
_ASIAN_LAST = "Wu Xu Ho Lu Ng Yu Lim Tran Pham Le Vo Kim Lee Park Choi Huang Zhao Zhou Sun Kang Yoon Bui Dang Ngo"
_OTHER_FIRST = (
    "Venkata Lakshmi Abdul Mohammed Fatima Oluwaseun Chukwuemeka Ngozi Priyanka Siddharth Yusuf Nasreen D'Andre"
)
_OTHER_LAST = (
    "Al-Hassan El-Sayed Subramaniam Venkataraman Narayanan Chakraborty Mukhopadhyay Adebayo Nwosu Okonkwo Bin-Talal Hosseini Rahimi "
    "O'Shaughnessy D'Angelo De-Luca Van-Der-Meer Von-Hagen St.-James Mc-Allister"
)
_MIDDLE = "Ann Lee Marie Lynn Robert James Michael William Joseph Rose Jean Allen Scott Edward Grace Paul Thomas Louise David Jane"
IBERIAN, ASIAN, OTHER = (
    tuple([name.replace("-", " ") for name in names.split()] for names in both)
    for both in ((_IBERIAN_FIRST, _IBERIAN_LAST), (_ASIAN_FIRST, _ASIAN_LAST), (_OTHER_FIRST, _OTHER_LAST))
)
MIDDLE = _MIDDLE.split()
TITLES = ("Dr. {0}|{1}", "{0}|{1}, MD", "{0}|{1} M.D.", "{0}|{1}, MD, FACS", "Dr {0}|{1} DO", "{0}|{1}, MD PhD")
STAFF = ("OR Nurse", "Registered Nurse, RN", "Scrub Tech", "Nurse Manager", "Surgical Technologist", "Office Manager")
_PLACES = (
    "Houston TX 77030,Dallas TX 75246,Austin TX 78701,Miami FL 33136,Tampa FL 33606,Orlando FL 32806,Los Angeles CA 90033,"
    "San Diego CA 92103,Fresno CA 93701,Phoenix AZ 85013,Tucson AZ 85719,Atlanta GA 30322,Chicago IL 60612,Peoria IL 61602,Detroit MI 48201,"
    "Columbus OH 43210,Cleveland OH 44106,Cincinnati OH 45219,Denver CO 80218,Seattle WA 98104,Portland OR 97239,Boise ID 83702,"
    "Reno NV 89502,Omaha NE 68198,Fargo ND 58102,Little Rock AR 72205,Memphis TN 38163,Nashville TN 37232,New York NY 10016,Bronx NY 10467,"
    "Brooklyn NY 11219,Albany NY 12208,Newark NJ 07103,Camden NJ 08103,Philadelphia PA 19104,Pittsburgh PA 15213,Baltimore MD 21201,"
    "Richmond VA 23298,San Juan PR 00936,Honolulu HI 96813,Salt Lake City UT 84132,Albuquerque NM 87131"
)


@dataclass(frozen=True)
class Customs:
    """Where people practise, and shares: of origins in the register; of those who have it, what a CRM writes."""

    places: tuple[Place, ...]
    iberian: float = 0.0
    asian: float = 0.0
    other: float = 0.0
    has_middle: float = 0.0
    has_suffix: float = 0.0
    shows_middle: float = 0.2
    goes_by_middle: float = 0.03
    shortened: float = 0.4
    turned: float = 0.1
    titled: float = 0.1
    capitals: float = 0.12
    in_one_field: float = 0.03
    staff: float = 0.0


MANY_ORIGINS = Customs(
    tuple((*place.rsplit(" ", 2),) for place in _PLACES.split(",")),
    iberian=0.14, asian=0.1, other=0.08, has_middle=0.7, has_suffix=0.04, staff=0.08,
)  # fmt: skip


def christened(rng: np.random.Generator, customs: Customs, people: list) -> list:
    """The same people with names of their origins; relatives keep one family name."""
    named: list = []
    for person in people:
        origin = rng.random()
        before = 0.0
        for share, (firsts, lasts) in zip(
            (customs.iberian, customs.asian, customs.other), (IBERIAN, ASIAN, OTHER), strict=True
        ):
            if before <= origin < before + share:
                last = str(rng.choice(lasts))
                if lasts is IBERIAN[1] and rng.random() < 0.6:
                    last = f"{last} {rng.choice(lasts)}"
                elif lasts is IBERIAN[1] and rng.random() < 0.15:
                    last = f"De La {last}"
                person = replace(person, first=str(rng.choice(firsts)), last=last, former=None)
            before += share
        if person.is_relative:
            person = replace(person, last=named[-1].last)
        if rng.random() < customs.has_middle:
            middle = str(rng.choice(MIDDLE))
            person = replace(person, middle=middle if rng.random() < 0.6 else middle[0])
        if rng.random() < customs.has_suffix:
            person = replace(person, suffix=str(rng.choice(["Jr.", "III", "Sr.", "II"])))
        named.append(person)
    return named


def entered(rng: np.random.Generator, customs: Customs, person, first: str, last: str) -> tuple[str, str]:
    """First and last name as a CRM has them of a person, whose name `first` and `last` are up to slips."""

    def happens(share: float) -> bool:
        return bool(rng.random() < share)

    if first == person.first:
        if " " in first and happens(customs.shortened):
            first = str(rng.choice([first.split(" ")[0], first.replace(" ", ""), first.replace(" ", "-")]))
        elif person.middle and happens(customs.goes_by_middle) and len(person.middle) > 1:
            first = f"{first[0]}. {person.middle}" if happens(0.5) else person.middle
        elif person.middle and happens(customs.shows_middle):
            first = f"{first} {person.middle[0]}."
    if last == person.last and " " in last:
        parts = last.split(" ")
        if last.startswith("De La"):
            last = str(rng.choice([last, f"de la {parts[2]}", f"Dela{parts[2].lower()}", f"DeLa{parts[2]}"]))
        elif parts[0] in IBERIAN[1] and happens(customs.shortened):
            last = parts[0] if happens(0.7) else parts[1]
        elif happens(customs.shortened / 2):
            last = "-".join(parts) if happens(0.5) else "".join(parts)
    if last in ASIAN[1] and happens(customs.turned):
        first, last = last, first
    if person.suffix and happens(0.4):
        last = f"{last} {person.suffix}"
    if happens(customs.titled):
        first, last = TITLES[rng.integers(len(TITLES))].format(first, last).split("|")
    if happens(customs.capitals):
        first, last = first.upper(), last.upper()
    if happens(customs.in_one_field):
        return "", f"{last}, {first}" if happens(0.5) and "," not in last else f"{first} {last}"
    return first, last


def staff(rng: np.random.Generator, stranger: dict) -> dict:
    """A contact of the practice's own people, whom a CRM may call a user all the same."""
    role = str(rng.choice(["User", "", "User"]))
    return stranger | {"Title": str(rng.choice(STAFF)), "Stakeholder_Role__c": role}
