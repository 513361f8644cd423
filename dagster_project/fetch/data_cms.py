"""The catalogue of data.cms.gov (DCAT): one file a data set and year.

A year stands there up to three times: as a file, as the API of its release and as the API of the latest one. Titles end in dates that
tell no year, so the year is the end of `temporal`. Later catalogues hold one record a year; both layouts are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dagster_project.fetch.portal import FetchError, Portal
from dagster_project.fetch.wanted import Wanted, name_in
from dagster_project.ingest.names import read_path


@dataclass(frozen=True)
class Dataset:
    """A data set by the uuid and title that it keeps over the years."""

    uuid: str
    title: str
    state: str


DATASETS = {
    "physicians": Dataset(
        "92396110-2aed-4d63-a6a2-5d6207d46a29",
        "Medicare Physician & Other Practitioners - by Provider and Service",
        "Rndrng_Prvdr_State_Abrvtn",
    ),
    "inpatient": Dataset(
        "690ddc6c-2767-4618-b277-420ffb2bf27c",
        "Medicare Inpatient Hospitals - by Provider and Service",
        "Rndrng_Prvdr_State_Abrvtn",
    ),
    "part-d": Dataset(
        "9552739e-3d05-4c1b-8eff-ecabf391e2e5",
        "Medicare Part D Prescribers - by Provider and Drug",
        "Prscrbr_State_Abrvtn",
    ),
}


def offered(portal: Portal, kinds: tuple[str, ...]) -> list[Wanted]:
    """Every year of every kind, the newest release of each."""
    catalogue = portal.json(portal.settings.cms_url)
    records = catalogue.get("dataset") if isinstance(catalogue, dict) else None
    if not isinstance(records, list):
        raise FetchError(f"{portal.settings.cms_url} holds no list of data sets; see whether the catalogue has moved")
    found = []
    for kind in kinds:
        newest: dict[int | None, Wanted] = {}
        for file in sorted(_files(kind, records), key=_release):
            newest[file.year] = file
        found += [newest[year] for year in sorted(newest, key=lambda year: year or 0)]
    return found


def size_of(portal: Portal, file: Wanted) -> int | None:
    """Bytes of the file by the publisher's list of a release's resources; unknown where that does not answer."""
    if file.size_url is None:
        return None
    try:
        answer = portal.json(file.size_url)
        entries = [entry for entry in answer["data"] if entry.get("file_url") == file.url] or [
            entry for entry in answer["data"] if entry.get("file_name") == file.name
        ]
        return int(entries[0]["file_size"])
    except (FetchError, KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None


def _files(kind: str, records: list[Mapping[str, Any]]) -> Iterator[Wanted]:
    dataset = DATASETS[kind]
    for record in records:
        if not _is_of(dataset, record):
            continue
        distributions = record.get("distribution") or []
        apis = {_uuid(entry.get("accessURL")): entry["accessURL"] for entry in distributions if entry.get("accessURL")}
        for entry in distributions:
            url = entry.get("downloadURL")
            if not url or not _is_csv(entry):
                continue
            year = _year(entry.get("temporal")) or _year(record.get("temporal"))
            if year is None:
                continue
            resources = entry.get("resourcesAPI")
            yield Wanted(
                dataset=kind,
                year=year,
                folder="claims",
                name=name_in(url),
                url=url,
                modified=entry.get("modified") or record.get("modified"),
                size_url=resources,
                rows_url=apis.get(_uuid(resources)),
                state_columns=dataset.state,
            )


def _is_of(dataset: Dataset, record: Mapping[str, Any]) -> bool:
    titled = re.fullmatch(rf"{re.escape(dataset.title)}(\s*:\s*\d{{4}}.*)?", str(record.get("title")).strip())
    return dataset.uuid in str(record.get("identifier")) or titled is not None


def _is_csv(entry: Mapping[str, Any]) -> bool:
    kind = str(entry.get("mediaType") or entry.get("format") or "").lower()
    return kind in ("text/csv", "csv") and urlsplit(entry["downloadURL"]).path.lower().endswith(".csv")


def _year(temporal: Any) -> int | None:
    """The year in which the period ends: `start/end`, or a list of objects with `endDate`."""
    if isinstance(temporal, str):
        ends = [temporal.rsplit("/", 1)[-1]]
    else:
        entries = temporal if isinstance(temporal, list) else [temporal]
        ends = [
            str(entry.get("endDate")) if isinstance(entry, dict) else str(entry).rsplit("/", 1)[-1] for entry in entries
        ]
    years = [int(match[1]) for end in ends if (match := re.match(r"((?:19|20)\d{2})-\d{2}", end))]
    return max(years, default=None)


def _release(file: Wanted) -> tuple[str, str]:
    """Older before newer: the release in the name says more than the day on which a record was last touched."""
    return read_path(file.name).release or "", file.modified or ""


def _uuid(url: str | None) -> str | None:
    found = re.search(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", url or "")
    return found[0] if found else None
