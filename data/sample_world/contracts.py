"""Who supplies which facility, from when to when: our contracts and the competitors'.

The CRM's Contract file is written from this table; adoption feels it.
"""

import numpy as np
import pandas as pd

from sample_world.clock import AS_OF_MONTH, MONTHS, month_start
from sample_world.company import COMPETITORS, OWN
from sample_world.streams import stream, weighted
from sample_world.volumes import FOCUS


def make_contracts(seed: int, facilities: pd.DataFrame) -> pd.DataFrame:
    """Successive contracts of two in three facilities; a third of the current ones ends within half a year of as-of."""
    rng = stream(seed, "contracts")
    count = len(facilities)
    has = rng.random(count) < 0.68
    last_end = (
        np.where(rng.random(count) < 0.35, rng.integers(-2, 7, size=count), rng.integers(7, 30, size=count))
        + AS_OF_MONTH
    )
    supplier = weighted(rng, [OWN, *COMPETITORS], [0.28, 0.22, 0.2, 0.18, 0.12], count)
    before = np.where(rng.random(count) < 0.7, supplier, weighted(rng, [OWN, *COMPETITORS], [0.2, 1, 1, 1, 1], count))
    length = rng.choice([24, 36], size=(count, 2))
    family = weighted(rng, [None, *FOCUS], [3, 1, 1], count)
    current = pd.DataFrame(
        {"facility": np.arange(count), "supplier": supplier, "start": last_end - length[:, 0], "end": last_end}
    )
    earlier = current.assign(supplier=before, start=current.start - length[:, 1], end=current.start)
    table = pd.concat([earlier[has], current[has]], ignore_index=True)
    return table.assign(
        family=family[table.facility],
        starts_on=month_start(table.start.to_numpy()),
        ends_on=month_start(table.end.to_numpy()) - np.timedelta64(1, "D"),
        is_own=table.supplier == OWN,
    )  # fmt: skip


def suppliers_by_month(contracts: pd.DataFrame, facilities: int) -> tuple[np.ndarray, np.ndarray]:
    """Two tables facility x month: has our contract, has a competitor's."""
    own = np.zeros((facilities, MONTHS), dtype=bool)
    competitor = np.zeros((facilities, MONTHS), dtype=bool)
    month = np.arange(MONTHS)
    for row in contracts.itertuples():
        held = (month >= row.start) & (month < row.end)
        (own if row.is_own else competitor)[row.facility] |= held
    return own, competitor
