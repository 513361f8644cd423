"""The page of NPPES files: the newest month of the whole register and, if asked for, the weeks that follow.

Each zip holds the register's `npidata_pfile` among other files; that one member is what the landing zone takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from dagster_project.fetch.portal import FetchError, Portal
from dagster_project.fetch.wanted import Wanted, name_in

MEMBER = r"npidata_pfile_\d{8}-\d{8}\.csv"
STATE_COLUMNS = "provider business practice location address state name"
_MONTH = re.compile(r"NPPES_Data_Dissemination_([A-Za-z]+)_(\d{4})(?:_V(?P<version>\d+))?\.zip", re.I)
_WEEK = re.compile(r"NPPES_Data_Dissemination_\d{6}_(\d{6})_Weekly(?:_V(?P<version>\d+))?\.zip", re.I)


def offered(portal: Portal, with_weeks: bool) -> list[Wanted]:
    """The newest month, then the weeks that end after it began, oldest first."""
    page = BeautifulSoup(portal.text(portal.settings.nppes_url), "html.parser")
    urls = [urljoin(portal.settings.nppes_url, str(link["href"])) for link in page.find_all("a", href=True)]
    months = _dated(urls, _MONTH, lambda match: datetime.strptime(f"{match[1][:3]} {match[2]}", "%b %Y").date())
    if not months:
        raise FetchError(f"{portal.settings.nppes_url} links no monthly file; see whether the page has changed")
    newest = max(months)
    weeks = _dated(urls, _WEEK, lambda match: datetime.strptime(match[1], "%m%d%y").date()) if with_weeks else {}
    chosen = [months[newest], *(weeks[day] for day in sorted(weeks) if day >= newest)]
    return [
        Wanted("nppes", None, "registry", name_in(url, r"\.zip"), url, state_columns=STATE_COLUMNS, member=MEMBER)
        for url in chosen
    ]


def _dated(urls: list[str], form: re.Pattern[str], day_of: Callable[[re.Match[str]], date]) -> dict[date, str]:
    """Addresses by the day in their names; of two versions of one day's file the higher one."""
    found: dict[date, tuple[int, str]] = {}
    for url in urls:
        match = form.fullmatch(urlsplit(url).path.rsplit("/", 1)[-1])
        if match is None:
            continue
        try:
            day = day_of(match)
        except ValueError:
            continue
        found[day] = max(found.get(day, (0, "")), (int(match["version"] or 1), url))
    return {day: url for day, (_, url) in found.items()}
