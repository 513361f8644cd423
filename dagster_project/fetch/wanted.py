"""One file that a publisher offers and that is wanted: where from, where to, and how it is told by states.

Belongs here: the description that the catalogues make and `arrival` carries out. Not here: any request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from dagster_project.fetch.portal import FetchError
from dagster_project.ingest.names import read_path


@dataclass(frozen=True)
class Wanted:
    """A remote file. `dataset` and `year` say what it is, whatever the publisher calls this release."""

    dataset: str
    year: int | None
    folder: str
    name: str
    url: str
    modified: str | None = None
    size: int | None = None
    size_url: str | None = None
    rows_url: str | None = None
    states: tuple[str, ...] | None = None
    state_columns: str | None = None
    member: str | None = None

    def place(self, name: str) -> str:
        """Path below the landing zone's folder; folders tell what the name does not."""
        parts = [f"states={'-'.join(self.states)}"] if self.states else []
        if self.year is not None and read_path(name).period != self.year:
            parts.append(f"year={self.year}")
        return "/".join([*parts, name])


def name_in(url: str, ending: str = r"\.csv") -> str:
    """The file's name in its address. It comes from outside: a plain name or nothing."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise FetchError(f"{url!r} is no address of a file on the web; the publisher's catalogue is damaged")
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    if not re.fullmatch(rf"[A-Za-z0-9][\w.\- ]{{0,180}}{ending}", name, re.I | re.A):
        raise FetchError(
            f"{url!r} does not end in the name of a file as expected; see whether the publisher changed its form"
        )
    return name


def csv_of(item: Mapping[str, Any]) -> str | None:
    """Address of the CSV among the distributions of a DKAN data set, with or without reference ids."""
    for entry in item.get("distribution") or ():
        data = entry.get("data", entry)
        url = data.get("downloadURL") or ""
        if data.get("mediaType") == "text/csv" or urlsplit(url).path.lower().endswith(".csv"):
            return url or None
    return None
