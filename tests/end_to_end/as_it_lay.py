"""A landing zone as it lay on a past day: no file that came out later, no row that was written later.

Belongs here: when a file or a row became known, told from names and columns alone. Not here: what is compared (`test_replay`).
"""

import os
import re
import shutil
from datetime import date
from pathlib import Path

import pandas as pd

# Where a file of rows tells when each of them became known.
KNOWN_BY = {
    "crm/salesforce/Account.csv": "CreatedDate",
    "crm/salesforce/CampaignMember.csv": "CreatedDate",
    "crm/salesforce/Competitor_Activity__c.csv": "Observed_On__c",
    "crm/salesforce/Contact.csv": "CreatedDate",
    "crm/salesforce/Contract.csv": "StartDate",
    "crm/salesforce/Event.csv": "CreatedDate",
    "crm/salesforce/ForecastingItem.csv": "Submitted_On__c",
    "crm/salesforce/Opportunity.csv": "CreatedDate",
    "crm/salesforce/OpportunityHistory.csv": "CreatedDate",
    "crm/salesforce/Order.csv": "EffectiveDate",
    "crm/salesforce/Task.csv": "CreatedDate",
    "company/restrictions.csv": "effective_from",
    "company/target_feedback.csv": "decided_on",
    "company/territory_alignment.csv": "valid_from",
}
TIME_ZONE = "America/New_York"  # as the sample world's company.yml says
PUBLIC_CLAIMS_LAG = pd.Timedelta(days=510)
# Before the first copy of a register it is this copy that tells who is who, so it lies in every landing zone.
REGISTERS = ("npidata_pfile", "DAC_National", "Hospital_General")


def local_day(text: str) -> date:
    """The day of a CRM time where the company is; a plain date is that day, and what tells none was always known."""
    if not text:
        return date.min
    moment = pd.Timestamp(text)
    return (moment.tz_convert(TIME_ZONE) if moment.tzinfo else moment).date()


def days_in_name(path: Path) -> list[date]:
    """The days of a dated file's name: 20250125, 2025-06-01 or P06302025."""
    days = [date(*map(int, found)) for found in re.findall(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?!\d)", path.name)]
    return days + [
        date(int(year), int(month), int(day)) for month, day, year in re.findall(r"_P(\d\d)(\d\d)(20\d\d)", path.name)
    ]


def came_out(path: Path) -> date | None:
    """The day on which a file came out. A public claims file tells its year: the usual lag leads from there to the day, which is
    not before the year of its release."""
    if year := re.search(r"_DY?(\d\d)_|CY(20\d\d)|FY(20\d\d)|patterns_(20\d\d)", path.name):
        told = next(part for part in year.groups() if part)
        year_end = pd.Timestamp(int(told) % 100 + 2000, 12, 31)
        release = re.search(r"_RY?(\d\d)_", path.name)
        released_from = date(2000 + int(release[1]), 1, 1) if release else date.min
        return max((year_end + PUBLIC_CLAIMS_LAG).date(), released_from)
    return max(days_in_name(path), default=None)


def always_there(landing: Path) -> set[Path]:
    """The oldest copy of each register."""
    first = set()
    for register in REGISTERS:
        copies = [(came_out(path) or date.max, path) for path in landing.rglob(f"{register}*")]
        first |= {min(copies)[1]} if copies else set()
    return first


def lay_out(landing: Path, target: Path, day: date) -> int:
    """Make `target` the landing zone as it lay on `day`; returns how many files and rows are left out.

    `target` may hold an earlier day: what is there already stays as it is.
    """
    left_out, first_copies = 0, always_there(landing)
    for path in sorted(p for p in landing.rglob("*") if p.is_file()):
        name = path.relative_to(landing).as_posix()
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        came = came_out(path)
        if came and came > day and path not in first_copies:
            left_out += 1
        elif name in KNOWN_BY:
            # Latin-1 keeps every byte as it is, whatever the file's own encoding.
            rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="latin-1")
            known = rows[KNOWN_BY[name]].map(local_day) <= day
            # What kind of territory one is stands in the alignment from the first; `valid_from` tells where its ZIPs lie.
            kept = rows[known | (rows.get("kind") == "overlay")]
            left_out += len(rows) - len(kept)
            kept.to_csv(place, index=False, encoding="latin-1")
            os.utime(place, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
        elif not place.exists():
            shutil.copy2(path, place)
    return left_out
