"""Months of volume as one dense table a family: providers by usable months, beside the share of each month that is known.

A provider without a row in a covered month had no procedure there: claim lines are listed where they exist. (Public files are
not: what they leave out is unknown, and they do not enter here.) One exception: who was published with the family before the
first claim line, and then is silent for longer than chance allows, worked where the claim lines did not yet reach, and moved.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.evaluation import as_dates, as_numbers, timestamp
from models_ml.volume.completion import completeness, development

LEAST_COMPLETE = 0.5
LONGEST_HISTORY = 36
TELLING_SILENCE = 6.0


@dataclass(frozen=True)
class Panel:
    """One family: `counts[i, t]` are services of `npis[i]` in `months[t]` as known, `complete[t]` the share known.

    Before `begins[i]` it is not known what the provider did.
    """

    family: str
    is_focus: bool
    npis: np.ndarray
    regions: np.ndarray
    months: pd.DatetimeIndex
    counts: np.ndarray
    complete: np.ndarray
    begins: np.ndarray


def build_panels(volume_months: pd.DataFrame, claim_lags: pd.DataFrame, as_of: dt.date) -> list[Panel]:
    """The panels by family name; only months of which at least half is known, at most the newest three years of them."""
    rows = pd.DataFrame(
        {
            "npi": volume_months["npi"].astype(object),
            "family": volume_months["procedure_family"].astype(object),
            "is_focus": volume_months["is_focus"].fillna(False).astype(bool),
            "region": volume_months["state"].astype(object),
            "month": as_dates(volume_months["month"]),
            "services": as_numbers(volume_months["services"]).clip(lower=0),
            "was_published": volume_months["was_published_before"].fillna(False).astype(bool)
            if "was_published_before" in volume_months
            else False,
        }
    ).dropna(subset=["npi", "family", "month", "services"])
    rows["month"] = rows["month"].dt.to_period("M").dt.to_timestamp()
    rows = rows[rows["month"] <= timestamp(as_of)]
    curves = development(claim_lags, as_of)
    built = (_panel(str(family), part, curves, as_of) for family, part in rows.groupby("family", sort=True))
    return [panel for panel in built if panel is not None]


def _panel(family: str, rows: pd.DataFrame, curves: dict[str | None, np.ndarray], as_of: dt.date) -> Panel | None:
    months = pd.date_range(rows["month"].min(), rows["month"].max(), freq="MS")
    npi, npis = pd.factorize(rows["npi"], sort=True)
    place = npi * len(months) + months.get_indexer(rows["month"])
    size = len(npis) * len(months)
    counts = np.bincount(place, weights=rows["services"], minlength=size).reshape(len(npis), len(months))
    market = counts.sum(axis=0)
    complete = completeness(curves.get(family, curves.get(None)), months, market, as_of)
    usable = np.flatnonzero((complete >= LEAST_COMPLETE) & (market > 0))[-LONGEST_HISTORY:]
    if len(usable) == 0:
        return None
    newest = rows.sort_values(["npi", "month", "region"]).groupby("npi", sort=True)["region"].last()
    was_published = rows.groupby("npi", sort=True)["was_published"].any().reindex(npis).to_numpy(dtype=bool)
    return Panel(
        family=family,
        is_focus=bool(rows["is_focus"].any()),
        npis=np.asarray(npis, dtype=object),
        regions=newest.reindex(npis).fillna("").to_numpy(dtype=object),
        months=months[usable],
        counts=counts[:, usable],
        complete=complete[usable],
        begins=_begins(counts[:, usable], was_published),
    )


def _begins(counts: np.ndarray, was_published: np.ndarray) -> np.ndarray:
    """The first month of which something is known: after a silence in which the later rate would have shown itself, if published before."""
    first = np.argmax(counts > 0, axis=1)
    rate = counts.sum(axis=1) / (counts.shape[1] - first)
    return np.where(was_published & (rate * first >= TELLING_SILENCE), first, 0)
