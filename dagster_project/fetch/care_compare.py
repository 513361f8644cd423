"""The Provider Data Catalog (Care Compare): clinicians, their affiliations and hospitals, as dated copies.

The publisher keeps the present copy alone; dated copies side by side are the history from which changes are read.
"""

from __future__ import annotations

from datetime import date

from dagster_project.fetch.portal import FetchError, Portal
from dagster_project.fetch.wanted import Wanted, csv_of, name_in

# Data set, its id, and the column that tells a row's state; an affiliation has none.
DATASETS = (
    ("clinicians", "mj5m-pzi6", "state"),
    ("affiliations", "27ea-46a8", None),
    ("hospitals", "xubh-q36u", "state"),
)


def offered(portal: Portal) -> list[Wanted]:
    """The present copy of each data set, its day put into its name."""
    found = []
    for dataset, identifier, column in DATASETS:
        address = f"{portal.settings.care_compare_url.rstrip('/')}/{identifier}"
        item = portal.json(address)
        url = csv_of(item) if isinstance(item, dict) else None
        if url is None:
            raise FetchError(f"{address} names no CSV file; see whether the publisher changed its form")
        try:
            day = date.fromisoformat(str(item.get("modified"))[:10])
        except ValueError:
            raise FetchError(f"{address} does not say on which day it was modified; try again later") from None
        stem, ending = name_in(url).rsplit(".", 1)
        name = f"{stem}_{day}.{ending}"
        found.append(Wanted(dataset, None, "registry", name, url, str(day), state_columns=column))
    return found
