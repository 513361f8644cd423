"""Whose telephone is whose: numbers of practices, what a register tells of them and what a CRM's users enter.

Belongs here: switchboards that a hospital shares, groups and single practices, mobiles that no register holds, numbers of before a move,
wrong ones, and the ways to write one. Not here: people and their names (`world`), nor any linkage.
"""

from dataclasses import dataclass

import numpy as np

Place = tuple[str, str, str]

# Shares of the people of a place: at the hospital's switchboard, in a group; the others have a number to themselves.
_AT_HOSPITAL, _IN_GROUP = 0.3, 0.45
# What a register tells: the practice's number, a direct line or a biller's that nobody else tells, one of an earlier practice, none.
REGISTERED = {"practice": 0.75, "own": 0.1, "earlier": 0.11, "none": 0.04}
# What a CRM that has a number holds: the practice's, the person's mobile or assistant, the number of somebody else in town.
ENTERED = {"practice": 0.7, "own": 0.2, "another": 0.1}
_FORMS = (
    "({0}) {1}-{2}",
    "{0}-{1}-{2}",
    "{0}.{1}.{2}",
    "+1 {0} {1} {2}",
    "1-{0}-{1}-{2}",
    "{0}{1}{2}",
    "({0}) {1}-{2} x{3}",
)


@dataclass(frozen=True)
class Telephones:
    """By a person's place in the register: the practice's number, the one that is the person's alone, and what the register tells."""

    practice: list[str]
    own: list[str]
    registered: list[str]
    in_town: dict[Place, list[str]]


def _number(rng: np.random.Generator, area: int) -> str:
    return f"{area}{rng.integers(200, 999)}{rng.integers(10_000):04d}"


def told(rng: np.random.Generator, places: list[Place], beside: list[bool]) -> Telephones:
    """Numbers of people at `places`; whoever is `beside` shares the practice of the one before."""
    areas = {place: 201 + 7 * number for number, place in enumerate(sorted(set(places)))}
    hospitals = {place: _number(rng, area) for place, area in areas.items()}
    groups: dict[Place, tuple[str, int]] = {}
    practice: list[str] = []
    for place, is_beside in zip(places, beside, strict=True):
        kind = rng.random()
        if is_beside:
            practice.append(practice[-1])
        elif kind < _AT_HOSPITAL:
            practice.append(hospitals[place])
        elif kind < _AT_HOSPITAL + _IN_GROUP:
            number, left = groups.get(place, ("", 0))
            if not left:
                number, left = _number(rng, areas[place]), int(rng.integers(2, 11))
            groups[place] = number, left - 1
            practice.append(number)
        else:
            practice.append(_number(rng, areas[place]))
    own = [_number(rng, int(rng.integers(201, 990))) for _ in places]
    in_town: dict[Place, list[str]] = {place: [] for place in areas}
    for place, number in zip(places, practice, strict=True):
        in_town[place].append(number)
    registered = []
    for at, kind in enumerate(rng.choice(list(REGISTERED), size=len(places), p=list(REGISTERED.values()))):
        # A direct line is not the mobile that a representative is given.
        other = _number(rng, areas[places[at]]) if kind == "own" else str(rng.choice(practice))
        registered.append({"practice": practice[at], "none": ""}.get(str(kind), other))
    return Telephones(practice, own, registered, in_town)


def entered(rng: np.random.Generator, telephones: Telephones, at: int | None, place: Place, is_moved: bool) -> str:
    """What a CRM says of the person at `at` (None: of somebody whom no register holds) who is said to be at `place`."""
    kind = str(rng.choice(list(ENTERED), p=list(ENTERED.values())))
    if kind == "own" and at is not None:
        number = telephones.own[at]
    elif kind == "practice" and at is not None and not is_moved:
        number = telephones.practice[at]
    else:  # of the practice before the move, of an office in town, or simply wrong
        number = str(rng.choice(telephones.in_town[place]))
    form = _FORMS[rng.integers(len(_FORMS))]
    return form.format(number[:3], number[3:6], number[6:], rng.integers(10, 999))


def digits(written: str) -> str:
    """The ten digits of a number in any of the forms."""
    number = "".join(letter for letter in written.partition("x")[0] if letter.isdigit())
    return number[-10:]
