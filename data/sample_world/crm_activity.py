"""What reps did: events and tasks of every kind and status, planned and unplanned, kept and missed.

The number of kept calls a month comes from behaviour.py; here they get a day, an hour and a record.
"""

import numpy as np
import pandas as pd

from sample_world.behaviour import Behaviour
from sample_world.clock import AS_OF_MONTH, OBSERVED_MONTHS, as_of_day, month_start, weekdays
from sample_world.crm_structure import Structure
from sample_world.streams import stream, weighted

_SUBJECTS = [
    "Follow-up on case review",
    "Lunch with the team",
    "Implant sizing",
    "Quarterly review",
    "Instrument tray check",
]
_ODD = ["=cmd|' /C calc'!A0", "<script>alert('hi')</script>", "+1 visit; \"urgent\"", "Café with Dr. Nuñez\nsecond line",
        "@sum(1+1)*cmd", "Robert'); drop table events;--"]  # fmt: skip


def make_activity(seed: int, structure: Structure, behaviour: Behaviour, adopted_on: np.ndarray) -> pd.DataFrame:
    """All activity known at as-of, planned visits of the weeks after included."""
    rng = stream(seed, "activity")
    calls = _repeat(behaviour.calls[:, : OBSERVED_MONTHS + 1]).assign(is_trial=False)
    trials = _repeat(behaviour.trials[:, :OBSERVED_MONTHS].astype(int)).assign(is_trial=True)
    visits = pd.concat([calls, trials], ignore_index=True)
    visits = visits[structure.contact_of[visits.provider] >= 0].reset_index(drop=True)
    visits["contact"] = structure.contact_of[visits.provider]
    visits = pd.concat([visits, _staff_visits(rng, structure, len(visits))], ignore_index=True)
    visits = _at_times(rng, visits)
    visits["kind"] = _kinds(rng, visits, adopted_on)
    visits["status"] = _statuses(rng, visits)
    visits = pd.concat([visits, _not_held(rng, visits), _emails(rng, visits)], ignore_index=True)
    visits["created"] = np.minimum(visits.created, np.datetime64("2026-06-30T22:00:00"))
    future = visits.start >= np.datetime64("2026-07-01")
    visits = visits[
        ~future | (visits.planned_days >= (visits.start.to_numpy().astype("datetime64[D]") - as_of_day()).astype(int))
    ]
    future = (visits.start >= np.datetime64("2026-07-01")).to_numpy()
    visits["status"] = np.where(future, "Planned", visits.status)
    visits["subject"] = weighted(rng, _SUBJECTS, [1] * len(_SUBJECTS), len(visits))
    odd = rng.random(len(visits)) < 0.002
    visits.loc[odd, "subject"] = rng.choice(np.asarray(_ODD, dtype=object), size=odd.sum())
    visits["is_deleted"] = rng.random(len(visits)) < 0.015
    visits["is_task"] = rng.random(len(visits)) < np.where(
        visits.kind.isin(["Email", "Call", "Remote Call"]), 0.45, 0.05
    )
    territory = structure.contacts.territory.to_numpy()[visits.contact]
    overlaid = (structure.region_number[territory] == 1) & (rng.random(len(visits)) < 0.05)
    visits["owner"] = np.where(overlaid, structure.specialist, structure.owner(territory, visits.month))
    return visits.sort_values(["created", "contact", "start"], kind="stable").reset_index(drop=True)


def _repeat(counts: np.ndarray) -> pd.DataFrame:
    provider, month = np.nonzero(counts)
    times = counts[provider, month]
    return pd.DataFrame({"provider": np.repeat(provider, times), "month": np.repeat(month, times)})


def _staff_visits(rng: np.random.Generator, structure: Structure, visits: int) -> pd.DataFrame:
    """Reps see administrators less than surgeons: about one visit in six."""
    staff = structure.contacts.index[structure.contacts.provider < 0].to_numpy()
    count = visits // 5
    return pd.DataFrame({
        "provider": -1, "month": rng.integers(0, OBSERVED_MONTHS, size=count), "is_trial": False,
        "contact": rng.choice(staff, size=count),
    })  # fmt: skip


def _at_times(rng: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    """Local office hours as UTC; two in three visits are recorded at least three days before."""
    count = len(visits)
    month = visits.month.to_numpy()
    day = weekdays(month_start(month) + rng.integers(0, 28, size=count))
    day = np.where((month == AS_OF_MONTH) & (day > as_of_day()), as_of_day(), day)
    minutes = rng.integers(12 * 4, 21 * 4, size=count) * 15
    start = day.astype("datetime64[m]") + minutes
    notice = np.where(rng.random(count) < 0.62, rng.integers(3, 24, size=count), rng.integers(0, 3, size=count))
    notice = np.where(rng.random(count) < 0.08, -rng.integers(1, 4, size=count), notice)
    created = (day - notice).astype("datetime64[m]") + np.where(
        notice == 0, minutes - 45, rng.integers(13 * 60, 21 * 60, size=count)
    )
    length = rng.choice([15, 30, 45, 60], size=count)
    return visits.assign(start=start, end=start + length, created=created, planned_days=notice)


def _kinds(rng: np.random.Generator, visits: pd.DataFrame, adopted_on: np.ndarray) -> np.ndarray:
    is_staff = visits.provider.to_numpy() < 0
    is_customer = ~is_staff & (adopted_on[visits.provider] <= visits.start.to_numpy().astype("datetime64[D]"))
    prospect = weighted(rng, ["Call", "Meeting", "Demo", "Remote Call"], [5, 2.5, 1.2, 1], len(visits))
    customer = weighted(rng, ["Call", "Meeting", "Case Attendance", "Remote Call"], [3, 1.5, 4, 1], len(visits))
    staff = weighted(rng, ["Meeting", "Call", "Remote Call"], [5, 3, 2], len(visits))
    kind = np.where(is_staff, staff, np.where(is_customer, customer, prospect))
    return np.where(visits.is_trial, "Device Trial", kind)


def _statuses(rng: np.random.Generator, visits: pd.DataFrame) -> np.ndarray:
    return weighted(rng, ["Completed", "Held", None], [88, 5, 7], len(visits))


def _not_held(rng: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    """Visits that were planned and did not take place."""
    planned = visits[
        (visits.planned_days >= 3)
        & ~visits.is_trial
        & (visits.month < OBSERVED_MONTHS)
        & (rng.random(len(visits)) < 0.16)
    ]
    shift = rng.integers(1, 8, size=len(planned)).astype("timedelta64[D]")
    start = np.minimum(planned.start.to_numpy() + shift, np.datetime64("2026-06-30T18:00:00"))
    status = weighted(rng, ["Cancelled", "No Show", "Missed"], [6, 3, 1], len(planned))
    return planned.assign(start=start, end=start + np.timedelta64(30, "m"), status=status)


def _emails(rng: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    chosen = visits[(rng.random(len(visits)) < 0.12) & (visits.month < OBSERVED_MONTHS)]
    return chosen.assign(kind="Email", status="Completed", planned_days=0, created=chosen.start)
