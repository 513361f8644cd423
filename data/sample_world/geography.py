"""Where the world lies: real ZIP codes of three states, health-care hubs, territories and regions.

Only places; who works there is in people.py, who serves them in crm_structure.py.
"""

from dataclasses import dataclass
from importlib import resources

import numpy as np
import pandas as pd

from sample_world.streams import stream

STATES = ("CT", "MA", "NY")
STATE_FIPS = {"CT": "09", "MA": "25", "NY": "36"}
CCN_PREFIX = {"CT": "07", "MA": "22", "NY": "33"}


@dataclass(frozen=True)
class Geography:
    """ZIP codes with their territory, the hubs where facilities stand, and the territories with their region."""

    zips: pd.DataFrame  # zip5, state, city, latitude, longitude, territory
    hubs: np.ndarray  # row numbers in zips, one a facility
    territories: pd.DataFrame  # territory_id, name, region_id, region


def read_zip_codes() -> pd.DataFrame:
    """All ZIP codes of the gazetteer that comes with the product."""
    with resources.as_file(resources.files("dagster_project") / "ingest/reference/zip_centroids.csv") as path:
        zips = pd.read_csv(path, dtype={"zip5": str})
    return zips[["zip5", "state", "city", "latitude", "longitude"]]


def make_geography(seed: int, facilities: int, territories: int) -> Geography:
    """Choose hubs, cut the three states into territories of similar work and group those into regions."""
    rng = stream(seed, "geography")
    zips = read_zip_codes()
    zips = zips[zips.state.isin(STATES)].reset_index(drop=True)
    points = zips[["latitude", "longitude"]].to_numpy() * [1.0, 0.74]
    hubs = rng.choice(len(zips), size=facilities, replace=facilities > len(zips))
    centres = _cluster(rng, points[hubs], territories)
    zips["territory"] = _nearest(points, centres)
    order = np.argsort(np.argsort(centres[:, 1], kind="stable"), kind="stable")
    region = order * 3 // max(territories, 3)
    number = np.arange(1, territories + 1)
    town = [zips.city[np.argmin(((points - c) ** 2).sum(axis=1))] for c in centres]
    table = pd.DataFrame({
        "territory_id": [f"T{n:03d}" for n in number],
        "name": [f"{t} {n:03d}" for t, n in zip(town, number, strict=True)],
        "region_id": [f"R{r + 1}" for r in region],
        "region": [("Western Region", "Hudson Region", "New England Region")[r] for r in region],
    })  # fmt: skip
    return Geography(zips, hubs, table)


def nearby(rng: np.random.Generator, geography: Geography, near: np.ndarray, spread: int = 10) -> np.ndarray:
    """A ZIP row among the `spread` nearest to each given ZIP row, the nearest most often."""
    points = geography.zips[["latitude", "longitude"]].to_numpy() * [1.0, 0.74]
    places, inverse = np.unique(near, return_inverse=True)
    distance = ((points[places][:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    ranked = np.argsort(distance, axis=1, kind="stable")[:, :spread]
    pick = np.minimum(rng.geometric(0.3, size=len(near)) - 1, ranked.shape[1] - 1)
    return ranked[inverse, pick]


def _cluster(rng: np.random.Generator, points: np.ndarray, count: int) -> np.ndarray:
    centres = points[rng.choice(len(points), size=count, replace=len(points) < count)].copy()
    for _ in range(25):
        label = _nearest(points, centres)
        for k in range(count):
            if (label == k).any():
                centres[k] = points[label == k].mean(axis=0)
    return centres


def _nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
