"""Who works in the world and where: facilities, practices and individual providers.

Their volumes are in volumes.py, their CRM records in crm_structure.py.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_world.clock import AS_OF_MONTH
from sample_world.geography import CCN_PREFIX, Geography, nearby
from sample_world.identifiers import make_npis
from sample_world.names import GROUPS, LAST, MEN, SAINTS, SYSTEMS, WOMEN, addresses, phones
from sample_world.streams import stream, weighted

SPECIALTIES = pd.DataFrame(
    [
        ("orthopedic", "Orthopedic Surgery", "207X00000X", "M.D.", 0.34),
        ("reconstruction", "Orthopedic Surgery", "207XS0114X", "M.D.", 0.12),
        ("sports", "Sports Medicine", "207XX0005X", "M.D.", 0.08),
        ("rheumatology", "Rheumatology", "207RR0500X", "M.D.", 0.10),
        ("rehabilitation", "Physical Medicine and Rehabilitation", "208100000X", "D.O.", 0.08),
        ("assistant", "Physician Assistant", "363AS0400X", "PA-C", 0.13),
        ("nurse", "Nurse Practitioner", "363LF0000X", "NP", 0.06),
        ("family", "Family Practice", "207Q00000X", "M.D.", 0.09),
    ],
    columns=["kind", "specialty", "taxonomy", "credential", "share"],
)


@dataclass(frozen=True)
class People:
    """Facilities and providers; a provider's `site` and `later_site` are row numbers in facilities."""

    facilities: pd.DataFrame
    providers: pd.DataFrame


def make_people(seed: int, geography: Geography, size: int) -> People:
    """All facilities and providers of a world."""
    npis = make_npis(stream(seed, "npis"), size + 3 * len(geography.hubs))
    facilities = _make_facilities(seed, geography, npis[size:])
    return People(facilities, _make_providers(seed, geography, facilities, npis[:size]))


def _make_facilities(seed: int, geography: Geography, npis: np.ndarray) -> pd.DataFrame:
    rng = stream(seed, "facilities")
    count = len(geography.hubs)
    place = geography.zips.iloc[geography.hubs].reset_index(drop=True)
    is_hospital = rng.random(count) < 0.75
    serial = rng.permutation(count) + 1
    town = place.city.to_numpy(dtype=object)
    saint = rng.choice(SAINTS, size=count)
    style = rng.integers(0, 4, size=count)
    hospital = [
        (
            f"{t} General Hospital",
            f"St. {s}'s Hospital of {t}",
            f"{t} Memorial Medical Center",
            f"{t} Community Hospital",
        )[k]
        for t, s, k in zip(town, saint, style, strict=True)
    ]
    centre = [f"{t} Surgery Center, LLC" for t in town]
    ccn = [f"{CCN_PREFIX[s]}{n % 880:04d}" for s, n in zip(place.state, serial, strict=True)]
    table = pd.DataFrame({
        "npi": npis[:count], "practice_npi": npis[count : 2 * count], "is_hospital": is_hospital,
        "ccn": np.where(is_hospital, ccn, None), "name": np.where(is_hospital, hospital, centre),
        "practice": [f"{t} {g}" for t, g in zip(town, rng.choice(GROUPS, size=count), strict=True)],
        "street": addresses(rng, count), "phone": phones(rng, count),
        "zip_row": geography.hubs, "zip5": place.zip5, "city": place.city, "state": place.state,
        "territory": place.territory, "size": rng.lognormal(0, 0.6, size=count),
        "system": np.where(rng.random(count) < 0.7, rng.integers(0, max(3, count // 7), size=count), -1),
        "gpo": weighted(rng, ["Premiere Alliance", "Vizor", "HealthBuy Partners", None], [4, 3, 2, 1], count),
    })  # fmt: skip
    duplicated = table.ccn.duplicated() & table.ccn.notna()
    table.loc[duplicated, ["ccn", "is_hospital"]] = [None, False]
    return table


def system_name(number: int) -> str:
    """Name of a health system; numbers beyond the list get a second word."""
    name = SYSTEMS[number % len(SYSTEMS)]
    return name if number < len(SYSTEMS) else f"{name} {number // len(SYSTEMS) + 1}"


def _make_providers(seed: int, geography: Geography, facilities: pd.DataFrame, npis: np.ndarray) -> pd.DataFrame:
    rng = stream(seed, "providers")
    size = len(npis)
    kind = rng.choice(len(SPECIALTIES), size=size, p=SPECIALTIES.share / SPECIALTIES.share.sum())
    specialty = SPECIALTIES.iloc[kind].reset_index(drop=True)
    is_woman = rng.random(size) < np.where(specialty.kind.isin(["orthopedic", "reconstruction"]), 0.12, 0.45)
    first = np.where(is_woman, rng.choice(WOMEN, size=size), rng.choice(MEN, size=size)).astype(object)
    last = rng.choice(LAST, size=size).astype(object)
    second = rng.choice(LAST, size=size).astype(object)
    last = np.where(rng.random(size) < 0.04, last + "-" + second, last)
    maiden = np.where(is_woman & (rng.random(size) < 0.12), rng.choice(LAST, size=size), None)
    weight = facilities["size"].to_numpy()
    site = rng.choice(len(facilities), size=size, p=weight / weight.sum())
    moves = rng.random(size) < 0.035
    elsewhere = _site_nearby(rng, facilities, site)
    later_site = np.where(moves, elsewhere, site)
    moved_in = np.where(moves & (later_site != site), rng.integers(14, AS_OF_MONTH - 3, size=size), 999)
    zip_row = nearby(rng, geography, facilities.zip_row.to_numpy()[site])
    stays = moved_in == 999
    later_zip = np.where(stays, zip_row, nearby(rng, geography, facilities.zip_row.to_numpy()[later_site]))
    is_new = rng.random(size) < 0.02
    started = np.where(
        is_new, rng.integers(AS_OF_MONTH - 9, AS_OF_MONTH - 2, size=size), rng.integers(-300, 4, size=size)
    )
    return pd.DataFrame({
        "npi": npis, "first": first, "last": last, "maiden": maiden, "gender": np.where(is_woman, "F", "M"),
        "middle": weighted(rng, [None, *"ABCDEFGJKLMRSTW"], [5, *[1] * 15], size),
        "kind": specialty.kind, "specialty": specialty.specialty, "taxonomy": specialty.taxonomy,
        "credential": specialty.credential, "site": site, "later_site": later_site, "moved_in": moved_in,
        "second_site": np.where(rng.random(size) < 0.35, _site_nearby(rng, facilities, site), -1),
        "zip_row": zip_row, "later_zip": later_zip, "street": addresses(rng, size), "phone": phones(rng, size),
        "territory": geography.zips.territory.to_numpy()[later_zip],
        "started": started, "is_in_claim_feed": (rng.random(size) < 0.88) | is_new,
        "profile_id": rng.permutation(size) + 100_000, "pac_id": rng.permutation(size) + 1_000_000_000,
        "enrolment": rng.permutation(size),
    })  # fmt: skip


def _site_nearby(rng: np.random.Generator, facilities: pd.DataFrame, site: np.ndarray) -> np.ndarray:
    """Another facility of the same territory where there is one."""
    territory = facilities.territory.to_numpy()
    chosen = site.copy()
    for t in np.unique(territory):
        members = np.flatnonzero(territory == t)
        here = np.flatnonzero(territory[site] == t)
        chosen[here] = members[rng.integers(0, len(members), size=len(here))]
    return chosen


def site_in_month(providers: pd.DataFrame, rows: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Facility row at which each provider works in a month."""
    moved = providers.moved_in.to_numpy()[rows] <= month
    return np.where(moved, providers.later_site.to_numpy()[rows], providers.site.to_numpy()[rows])
