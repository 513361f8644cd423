"""Articles and their authors, as a search of the literature gives them.

Who writes is drawn among the surgeons of the world; people and hospitals are decided in people.py.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world.clock import as_of_day
from sample_world.files import iso_dates, write_csv
from sample_world.people import People
from sample_world.streams import stream, weighted

_JOURNALS = ["Journal of Joint Replacement", "Archives of Orthopaedic Practice", "Knee & Hip Letters"]
_OPERATIONS = ["total hip arthroplasty", "total knee arthroplasty", "revision of the knee", "cementless femoral stems"]
_QUESTIONS = ["Ten-year survival after", "Blood loss in", "Robot-assisted alignment in", "Same-day discharge after"]


def write_publications(seed: int, people: People, folder: Path) -> int:
    """Write the articles of the last years and the authors of each, in order; return the articles."""
    rng = stream(seed, "publications")
    surgeons = np.flatnonzero(people.providers.kind.isin(["orthopedic", "reconstruction"]).to_numpy())
    count = max(12, len(surgeons) // 5)
    writes = rng.gamma(0.3, 1.0, size=len(surgeons)) + 1e-6  # a few write most
    number = np.minimum(rng.integers(1, 7, size=count), len(surgeons))
    authors = [rng.choice(surgeons, size=n, replace=False, p=writes / writes.sum()) for n in number]
    pmid = (38_000_000 + np.sort(rng.choice(900_000, size=count, replace=False))).astype(str)
    day = as_of_day() - rng.integers(20, 2500, size=count)
    titles = zip(
        weighted(rng, _QUESTIONS, [1] * 4, count), weighted(rng, _OPERATIONS, [3, 3, 1, 1], count), strict=True
    )
    articles = pd.DataFrame({
        "pmid": pmid, "title": [f"{question} {operation}" for question, operation in titles],
        "journal": weighted(rng, _JOURNALS, [3, 2, 1], count), "published_on": iso_dates(day),
        "mesh_terms": "Arthroplasty, Replacement; Osteoarthritis",
    })  # fmt: skip
    who = people.providers.iloc[np.concatenate(authors)].reset_index(drop=True)
    site = people.facilities.iloc[who.site].reset_index(drop=True)
    table = pd.DataFrame({
        "pmid": np.repeat(pmid, number), "position": np.concatenate([np.arange(1, n + 1) for n in number]),
        "last_name": who["last"], "fore_name": who["first"] + (" " + who.middle).fillna(""),
        "affiliation": site["name"] + ", " + site.city + ", " + site.state + ", USA",
        "orcid": np.where(who.pac_id % 3 == 0, "0000-0002-" + who.pac_id.astype(str).str[2:6] + "-" + who.pac_id.astype(str).str[6:], None),
    })  # fmt: skip
    write_csv(folder / "authors.csv", table)
    return write_csv(folder / "articles.csv", articles)
