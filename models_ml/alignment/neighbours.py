"""Which ZIPs are neighbours: by the triangulation of their centres, since no shapes are delivered.

Delaunay (1934). An edge that is far longer than usual at one of its ends runs over water, a gap or the rim of the map and is none.
ZIPs of one place (post-office boxes) are neighbours of each other. Not here: loads and territories.
"""

import numpy as np
from scipy.spatial import Delaunay, QhullError

TOO_LONG = 4.0


def neighbours(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Pairs of row numbers, the smaller first, in order; whatever the order of rows, the same ZIPs are neighbours."""
    flat = np.column_stack([latitude, longitude * np.cos(np.radians(np.mean(latitude)))])
    places, place = np.unique(flat, axis=0, return_inverse=True)
    place = place.ravel()
    first = np.full(len(places), len(flat))
    np.minimum.at(first, place, np.arange(len(flat)))
    between = first[_of_places(places)]
    boxes = np.flatnonzero(first[place] != np.arange(len(flat)))
    pairs = np.vstack([between, np.column_stack([first[place[boxes]], boxes])]).astype(int)
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _of_places(places: np.ndarray) -> np.ndarray:
    if len(places) < 2:
        return np.empty((0, 2), dtype=int)
    try:
        corners = Delaunay(places).simplices
        edges = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    except (QhullError, ValueError):
        # Two places, or all on one line: each is the neighbour of the next.
        edges = np.column_stack([np.arange(len(places) - 1), np.arange(1, len(places))])
    edges = np.unique(np.sort(edges, axis=1), axis=0)
    length = _length(places, edges)
    ends, both = edges.T.ravel(), np.tile(length, 2)
    order = np.lexsort((both, ends))
    count = np.bincount(ends, minlength=len(places))
    middle = np.cumsum(count) - count + (count - 1) // 2
    usual = np.zeros(len(places))
    known = count > 0
    usual[known] = both[order][middle[known]]
    return edges[length <= TOO_LONG * np.minimum(usual[edges[:, 0]], usual[edges[:, 1]])]


def _length(places: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """In degrees of latitude; the map is flat, which the comparison with other edges of the same place does not mind."""
    return np.hypot(*(places[edges[:, 0]] - places[edges[:, 1]]).T)
