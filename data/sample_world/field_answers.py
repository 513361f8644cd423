"""What the field gives back: answers to the target list, and from where each rep travels.

Kept by hand beside the other files of `company/`; the reps themselves are in crm_structure.py.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world.clock import as_of_day
from sample_world.crm_structure import Structure
from sample_world.files import iso_dates, write_csv
from sample_world.geography import Geography
from sample_world.people import People
from sample_world.streams import stream, weighted

_REASONS = {
    "accept": [None], "dismiss": ["Retires this year", "Works under an exclusive contract"],
    "challenge": ["Operates elsewhere by now"], "approve": [None],
}  # fmt: skip


def write_field_answers(seed: int, geography: Geography, people: People, structure: Structure, folder: Path) -> None:
    """Write `target_feedback.csv` and `travel.csv`."""
    rng = stream(seed, "field answers")
    who = people.providers
    surgeons = np.flatnonzero(who.kind.isin(["orthopedic", "reconstruction"]).to_numpy())
    rows = np.sort(rng.choice(surgeons, size=min(len(surgeons), max(12, len(surgeons) // 12)), replace=False))
    decision = weighted(rng, list(_REASONS), [6, 2, 1, 1], len(rows))
    rep = structure.users.iloc[structure.rep_now[who.territory.to_numpy()[rows]]]
    manager = structure.users["name"].iloc[rep.manager]
    write_csv(folder / "target_feedback.csv", pd.DataFrame({
        "npi": who.npi.to_numpy()[rows], "rep_id": rep.id.to_numpy(), "decision": decision,
        "reason": [_REASONS[d][int(k) % len(_REASONS[d])] for d, k in zip(decision, rows, strict=True)],
        "decided_on": iso_dates(as_of_day() - rng.integers(1, 80, size=len(rows))),
        "decided_by": np.where(decision == "approve", manager.to_numpy(), rep["name"].to_numpy()),
    }))  # fmt: skip
    reps = structure.users.iloc[structure.rep_now]
    zips = geography.zips
    home = np.array([zips.zip5[zips.territory == t].iloc[0] for t in range(len(geography.territories))], dtype=object)
    write_csv(folder / "travel.csv", pd.DataFrame({
        "rep_id": reps.id.to_numpy(), "start_zip5": home, "end_zip5": home,
        "workday_minutes": rng.choice([480, 510, 540], size=len(reps)), "minutes_per_call": rng.choice([25, 30, 35], size=len(reps)),
    }))  # fmt: skip
