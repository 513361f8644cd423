"""The skeleton of the CRM: users, territories, accounts and contacts, with the link from contact to provider.

What happens between them is in crm_activity.py, deals.py and orders.py.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_world.behaviour import Behaviour
from sample_world.clock import AS_OF_MONTH, month_start
from sample_world.geography import Geography
from sample_world.identifiers import break_check_digit, salesforce_ids
from sample_world.names import LAST, MEN, NICKNAMES, WOMEN, accented
from sample_world.people import People, system_name
from sample_world.streams import stream, weighted


@dataclass(frozen=True)
class Structure:
    """Rows of users, accounts and contacts carry the world's own numbers beside what the CRM shows."""

    users: pd.DataFrame  # id, name, email, is_active, manager (row), title, started, territory, until (month)
    rep_now: np.ndarray  # active user row of each territory
    rep_before: np.ndarray  # former user row of each territory, or the same
    handover: np.ndarray  # month from which rep_now serves the territory
    territory_ids: np.ndarray  # Salesforce Ids: territories, then regions, then the overlay
    accounts: pd.DataFrame  # id, facility (row, -1 for a system), ...
    contacts: pd.DataFrame  # id, provider (row, -1 for staff), account (row), ...
    contact_of: np.ndarray  # first contact row of each provider, -1 for none

    region_number: np.ndarray  # 1 to 3, of each territory

    @property
    def specialist(self) -> int:
        """User row of the overlay's specialist."""
        return len(self.users) - 2

    def owner(self, territory: np.ndarray, month: np.ndarray) -> np.ndarray:
        """User row that served each territory in each month."""
        return np.where(
            np.asarray(month) >= self.handover[territory], self.rep_now[territory], self.rep_before[territory]
        )


def make_structure(seed: int, geography: Geography, people: People, behaviour: Behaviour) -> Structure:
    """Staff the territories and fill the address book."""
    users, rep_now, rep_before, handover = _users(seed, geography)
    accounts = _accounts(seed, people.facilities)
    contacts = _contacts(seed, geography, people, behaviour, accounts)
    contact_of = np.full(len(people.providers), -1)
    persons = contacts[(contacts.provider >= 0) & ~contacts.is_duplicate]
    contact_of[persons.provider] = persons.index
    territory_ids = salesforce_ids("Territory2", len(geography.territories) + 4)
    regions = geography.territories.region_id.str[1:].astype(int).to_numpy()
    return Structure(users, rep_now, rep_before, handover, territory_ids, accounts, contacts, contact_of, regions)


def _users(seed: int, geography: Geography) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]:
    rng = stream(seed, "users")
    territories = len(geography.territories)
    left = rng.random(territories) < 0.35
    formers = np.flatnonzero(left)
    regions = geography.territories.region_id.str[1:].astype(int).to_numpy() - 1
    titles = ["VP Sales"] + ["Regional Manager"] * 3 + ["Territory Manager"] * territories
    titles += ["Territory Manager"] * len(formers) + ["Robotics Specialist", "Marketing Operations"]
    count = len(titles)
    first = np.where(rng.random(count) < 0.4, rng.choice(WOMEN, size=count), rng.choice(MEN, size=count))
    name = np.array(
        [f"{f} {accented(n)}" for f, n in zip(first, rng.choice(LAST, size=count), strict=True)], dtype=object
    )
    email = np.array([f"user{k:04d}@meridian-ortho.example" for k in range(count)], dtype=object)
    manager = np.concatenate([[-1], [0] * 3, regions + 1, regions[formers] + 1, [1, 0]])
    rep_now = 4 + np.arange(territories)
    rep_before = rep_now.copy()
    rep_before[formers] = 4 + territories + np.arange(len(formers))
    handover = np.where(left, rng.integers(10, AS_OF_MONTH - 4, size=territories), -999)
    started = np.datetime64("2019-01-07") + rng.integers(0, 1500, size=count)
    started[rep_now[left]] = month_start(handover[left])
    users = pd.DataFrame({
        "id": salesforce_ids("User", count), "name": name, "email": email, "title": titles, "manager": manager,
        "is_active": ~np.isin(np.arange(count), rep_before[formers]), "started": started,
    })  # fmt: skip
    return users, rep_now, rep_before, handover


def _accounts(seed: int, facilities: pd.DataFrame) -> pd.DataFrame:
    rng = stream(seed, "accounts")
    systems = np.unique(facilities.system[facilities.system >= 0])
    parent = np.searchsorted(systems, facilities.system) + len(facilities)
    again = np.flatnonzero(rng.random(len(facilities)) < 0.04)  # facilities that stand twice in the CRM
    rows = np.concatenate([np.arange(len(facilities)), again])
    site = facilities.iloc[rows].reset_index(drop=True)
    has_ccn = site.is_hospital & (rng.random(len(site)) < 0.92)
    ccn = np.where(rng.random(len(site)) < 0.05, site.ccn.str.lstrip("0"), site.ccn)
    table = pd.DataFrame({
        "facility": rows, "name": site["name"], "type": np.where(site.is_hospital, "Hospital", "ASC"),
        "parent": np.where(site.system >= 0, parent[rows], -1), "ccn": np.where(has_ccn, ccn, None),
        "npi": np.where(~site.is_hospital | (rng.random(len(site)) < 0.3), site.npi, None), "gpo": site.gpo,
        "street": site.street, "city": site.city, "state": site.state, "zip5": site.zip5, "territory": site.territory,
    })  # fmt: skip
    number = len(facilities)
    heads = pd.DataFrame({
        "facility": -1, "name": [system_name(int(s)) for s in systems], "type": "Health System", "parent": -1,
        "territory": [int(facilities.territory[facilities.system == s].iloc[0]) for s in systems],
    })  # fmt: skip
    table = pd.concat([table.iloc[:number], heads, table.iloc[number:]], ignore_index=True)
    duplicated = np.arange(len(table)) >= number + len(heads)
    table["name"] = np.where(duplicated, table["name"].str.upper().str.replace("HOSPITAL", "HOSP."), table["name"])
    table["id"] = salesforce_ids("Account", len(table))
    table["created"] = np.datetime64("2019-03-01") + rng.integers(0, 400, size=len(table))
    return table


def _contacts(
    seed: int, geography: Geography, people: People, behaviour: Behaviour, accounts: pd.DataFrame
) -> pd.DataFrame:
    rng = stream(seed, "contacts")
    known = np.flatnonzero(behaviour.known_from <= AS_OF_MONTH)
    again = known[rng.random(len(known)) < 0.04]
    provider = np.concatenate([known, again])
    is_duplicate = np.arange(len(provider)) >= len(known)
    who = people.providers.iloc[provider].reset_index(drop=True)
    place = geography.zips.iloc[who.later_zip].reset_index(drop=True)
    since = behaviour.known_from[provider]
    created = np.where(since < 0, np.datetime64("2020-06-01") + rng.integers(0, 640, size=len(provider)),
                       month_start(np.maximum(since, 0)) - 24).astype("datetime64[D]")  # fmt: skip
    late = is_duplicate & (since < 0)
    created = np.where(late, month_start(rng.integers(1, AS_OF_MONTH - 1, size=len(provider))), created)
    nick = rng.random(len(provider)) < np.where(is_duplicate, 0.6, 0.22)
    first = [NICKNAMES.get(f, f) if n else accented(f) for f, n in zip(who["first"], nick, strict=True)]
    uses_maiden = who.maiden.notna() & (rng.random(len(provider)) < 0.5)
    last = [accented(n) for n in np.where(uses_maiden, who.maiden, who["last"])]
    persons = pd.DataFrame({
        "provider": provider, "is_duplicate": is_duplicate, "account": who.later_site, "first": first, "last": last,
        "title": np.where(who.credential.isin(["M.D.", "D.O."]), "Surgeon", "Clinician"), "specialty": who.specialty,
        "role": weighted(rng, ["User", None], [9, 1], len(provider)), "npi": _recorded_npis(rng, who.npi, is_duplicate),
        "street": who.street, "city": place.city, "state": place.state, "zip5": place.zip5, "phone": who.phone,
        "do_not_call": behaviour.do_not_call[provider], "opted_out": rng.random(len(provider)) < 0.06,
        "on_list": rng.random(len(provider)) < 1 / (1 + np.exp(1.2 - behaviour.acquaintance[provider])),
        "territory": who.territory, "created": created,
    })  # fmt: skip
    table = pd.concat([persons, _staff(rng, accounts)], ignore_index=True)
    table["id"] = salesforce_ids("Contact", len(table))
    return table


def _recorded_npis(rng: np.random.Generator, npis: pd.Series, is_duplicate: np.ndarray) -> np.ndarray:
    """What stands in NPI__c: mostly right, often empty, now and then mistyped or another person's."""
    draw = rng.random(len(npis))
    stranger = rng.permutation(npis.to_numpy())
    recorded = npis.to_numpy(copy=True)
    for row in range(len(recorded)):
        if is_duplicate[row] or draw[row] < 0.27:
            recorded[row] = None
        elif draw[row] < 0.30:
            recorded[row] = break_check_digit(recorded[row])
        elif draw[row] < 0.31:
            recorded[row] = recorded[row][:9]
        elif draw[row] < 0.325:
            recorded[row] = stranger[row]
    return recorded


def _staff(rng: np.random.Generator, accounts: pd.DataFrame) -> pd.DataFrame:
    """Buyers and administrators of each account."""
    rows = np.repeat(np.arange(len(accounts)), rng.integers(1, 4, size=len(accounts)))
    count = len(rows)
    role = weighted(rng, ["Buyer", "Administrator", None], [5, 4, 1], count)
    site = accounts.iloc[rows].reset_index(drop=True)
    titles = {"Buyer": "Supply Chain Director", "Administrator": "OR Director"}
    return pd.DataFrame({
        "provider": -1, "is_duplicate": False, "account": rows,
        "first": np.where(rng.random(count) < 0.55, rng.choice(WOMEN, size=count), rng.choice(MEN, size=count)),
        "last": [accented(n) for n in rng.choice(LAST, size=count)], "title": [titles.get(r, "Value Analysis") for r in role],
        "specialty": None, "role": role, "npi": None, "street": site.street, "city": site.city, "state": site.state,
        "zip5": site.zip5, "phone": None, "do_not_call": False, "opted_out": rng.random(count) < 0.1, "on_list": False,
        "territory": site.territory, "created": site.created,
    })  # fmt: skip
