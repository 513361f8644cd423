"""Where the world lies: real ZIP codes of three states (of all in the nation), health-care hubs, territories and regions.

Only places; who works there is in people.py, who serves them in crm_structure.py.
"""

from dataclasses import dataclass
from importlib import resources

import numpy as np
import pandas as pd

from sample_world.streams import stream

STATES = ("CT", "MA", "NY")
_STATE_TEXT = (  # state, census (FIPS) code, code of Medicare's certification numbers
    "AL 01 01 AK 02 02 AZ 04 03 AR 05 04 CA 06 05 CO 08 06 CT 09 07 DE 10 08 DC 11 09 FL 12 10 GA 13 11 HI 15 12 ID 16 13 "
    "IL 17 14 IN 18 15 IA 19 16 KS 20 17 KY 21 18 LA 22 19 ME 23 20 MD 24 21 MA 25 22 MI 26 23 MN 27 24 MS 28 25 MO 29 26 "
    "MT 30 27 NE 31 28 NV 32 29 NH 33 30 NJ 34 31 NM 35 32 NY 36 33 NC 37 34 ND 38 35 OH 39 36 OK 40 37 OR 41 38 PA 42 39 "
    "PR 72 40 RI 44 41 SC 45 42 SD 46 43 TN 47 44 TX 48 45 UT 49 46 VT 50 47 VA 51 49 WA 53 50 WV 54 51 WI 55 52 WY 56 53"
)
_STATE_CODES = _STATE_TEXT.split()
STATE_FIPS = dict(zip(_STATE_CODES[::3], _STATE_CODES[1::3], strict=True))
CCN_PREFIX = dict(zip(_STATE_CODES[::3], _STATE_CODES[2::3], strict=True))
BOX_ZIPS = {"CT": "06199", "MA": "02205", "NY": "13221"}


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


def make_geography(seed: int, facilities: int, territories: int, states: tuple[str, ...] = STATES) -> Geography:
    """Choose hubs, cut the states into territories of similar work and group those into regions."""
    rng = stream(seed, "geography")
    zips = read_zip_codes()
    zips = zips[zips.state.isin(states)].reset_index(drop=True)
    points = zips[["latitude", "longitude"]].to_numpy() * [1.0, 0.74]
    hubs = rng.choice(len(zips), size=facilities, replace=facilities > len(zips))
    centres = _cluster(rng, points[hubs], territories)
    zips["territory"] = _nearest(points, centres)
    zips = pd.concat([zips, _without_area(zips.iloc[hubs])], ignore_index=True)
    order = np.argsort(np.argsort(centres[:, 1], kind="stable"), kind="stable")
    region = order * 3 // max(territories, 3)
    number = np.arange(1, territories + 1)
    town = [zips.city[np.argmin(((points - c) ** 2).sum(axis=1))] for c in centres]
    table = pd.DataFrame({
        "territory_id": [f"T{n:03d}" for n in number],
        "name": [f"{t} {n:03d}" for t, n in zip(town, number, strict=True)],
        "region_id": [f"R{r + 1}" for r in region],
        "region": [("Western Region", "Central Region", "Eastern Region")[r] for r in region],
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


def _without_area(hub_zips: pd.DataFrame) -> pd.DataFrame:
    """Post-office-box ZIPs, which no gazetteer lists: each shares the place of the first hub of its state."""
    boxes = [hub_zips[hub_zips.state == state].head(1).assign(zip5=zip5) for state, zip5 in BOX_ZIPS.items()]
    return pd.concat(boxes, ignore_index=True)


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
