"""What moves as one: a ZIP that holds work, opportunity or a relationship, with the empty ZIPs of its territory that lie nearest to it.

Most ZIPs hold nobody; on their own no move of theirs balances anything, and left behind they would cut territories in pieces. Each goes
with the ZIP that is nearest along neighbours within the territory, so a cell is in one piece. Not here: which cells move.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from models_ml.alignment.neighbours import neighbours

HELD = ["workload_hours", "opportunity_usd", "relationships", "open_deals", "customers"]


@dataclass(frozen=True)
class Cells:
    """`of_zip` is each ZIP's cell; a cell's number is the row of the ZIP that holds what there is. `pairs` are cells side by side."""

    of_zip: np.ndarray
    pairs: np.ndarray


def cells_of(zips: pd.DataFrame) -> Cells:
    """`zips` are in order of zip5 and have coordinates."""
    rows = len(zips)
    latitude, longitude = (zips[name].to_numpy(dtype=float) for name in ("latitude", "longitude"))
    pairs = neighbours(latitude, longitude)
    territory = pd.factorize(zips["territory_id"])[0]
    within = pairs[territory[pairs[:, 0]] == territory[pairs[:, 1]]]
    length = np.hypot(
        latitude[within[:, 0]] - latitude[within[:, 1]], longitude[within[:, 0]] - longitude[within[:, 1]]
    )
    # No distance at all would be no edge to the search.
    roads = coo_array((length + 1e-9, (within[:, 0], within[:, 1])), shape=(rows, rows)).tocsr()
    kernels = np.flatnonzero((zips[HELD].to_numpy(dtype=float) > 0).any(axis=1))
    of_zip = np.arange(rows)
    if len(kernels):
        _, _, nearest = dijkstra(roads, directed=False, indices=kernels, min_only=True, return_predecessors=True)
        of_zip = np.where(nearest >= 0, nearest, of_zip)
    sides = np.sort(of_zip[pairs], axis=1)
    return Cells(of_zip, np.unique(sides[sides[:, 0] != sides[:, 1]], axis=0))
