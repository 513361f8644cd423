"""Campaigns and their members, competitor sightings: what marketing and the field saw.

Marketing picks by specialty, sales by acquaintance; the two overlap less than they should.
"""

import numpy as np
import pandas as pd

from sample_world.behaviour import Behaviour
from sample_world.clock import as_of_day
from sample_world.company import COMPETITORS
from sample_world.crm_structure import Structure
from sample_world.people import People
from sample_world.streams import stream, weighted
from sample_world.volumes import FOCUS


def make_campaigns(seed: int, structure: Structure, behaviour: Behaviour) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Four campaigns a year and the contacts they reached."""
    rng = stream(seed, "campaigns")
    starts = np.datetime64("2023-09-01") + 91 * np.arange(11)
    campaigns = pd.DataFrame({
        "name": [f"{('Webinar', 'Direct mail', 'Congress', 'Cadaver lab')[k % 4]} {str(d)[:7]}" for k, d in enumerate(starts)],
        "type": [("Webinar", "Direct Mail", "Conference", "Seminar")[k % 4] for k in range(len(starts))],
        "family": weighted(rng, [*FOCUS, None], [2, 2, 1], len(starts)), "start": starts, "end": starts + 45,
        "budget": np.round(rng.uniform(8_000, 60_000, size=len(starts)), -2),
    })  # fmt: skip
    contacts = structure.contacts
    provider = contacts.provider.to_numpy()
    chance = np.where(provider >= 0, np.where(behaviour.eligible[provider], 0.16, 0.10), 0.03)
    reached = rng.random((len(campaigns), len(contacts))) < chance
    campaign, contact = np.nonzero(reached)
    created = starts[campaign] + rng.integers(-5, 12, size=len(campaign))
    keen = np.where(provider[contact] >= 0, behaviour.promise[provider[contact]], -1.0)
    has_responded = rng.random(len(campaign)) < 1 / (1 + np.exp(1.6 - 0.6 * keen))
    responded = created + rng.integers(1, 40, size=len(campaign))
    has_responded &= responded <= as_of_day()
    members = pd.DataFrame({
        "campaign": campaign, "contact": contact, "created": created, "has_responded": has_responded,
        "responded": np.where(has_responded, responded, np.datetime64("NaT")),
    })  # fmt: skip
    late = contacts.created.to_numpy().astype("datetime64[D]")[contact] > created
    return campaigns, members[~late & (members.created <= pd.Timestamp(as_of_day()))].reset_index(drop=True)


def make_sightings(seed: int, structure: Structure, people: People, behaviour: Behaviour) -> pd.DataFrame:
    """Competitors' people seen at our accounts, most where they hold the surgeon."""
    rng = stream(seed, "sightings")
    contacts = structure.contacts
    persons = np.flatnonzero(contacts.provider >= 0)
    weight = 0.05 + behaviour.lock_in[contacts.provider.to_numpy()[persons]]
    count = len(people.facilities) * 6
    contact = rng.choice(persons, size=count, p=weight / weight.sum())
    account = contacts.account.to_numpy()[contact]
    rival = np.asarray(COMPETITORS, dtype=object)[behaviour.rival[contacts.provider.to_numpy()[contact]]]
    day = np.datetime64("2023-07-10") + rng.integers(0, 1085, size=count)
    return pd.DataFrame({
        "account": account, "contact": np.where(rng.random(count) < 0.6, contact, -1), "competitor": rival, "observed": day,
        "territory": contacts.territory.to_numpy()[contact],
    }).sort_values("observed", kind="stable").reset_index(drop=True)  # fmt: skip
