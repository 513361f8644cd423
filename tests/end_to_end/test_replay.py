"""`as_of` is the only clock: a past night on today's landing zone gives what that night would have given."""

import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.end_to_end.conftest import differing_marts

# Where a CRM object tells when its row became known.
KNOWN_BY = {
    "Account": "CreatedDate",
    "Contact": "CreatedDate",
    "Task": "CreatedDate",
    "Event": "CreatedDate",
    "Opportunity": "CreatedDate",
    "OpportunityHistory": "CreatedDate",
    "ForecastingItem": "Submitted_On__c",
    "CampaignMember": "CreatedDate",
    "Order": "EffectiveDate",
    "Competitor_Activity__c": "Observed_On__c",
}


TIME_ZONE = "America/New_York"  # as the sample world's company.yml says
PUBLIC_CLAIMS_LAG = pd.Timedelta(days=510)


def local_day(text: str) -> date:
    """The day of a CRM time where the company is; a plain date is that day."""
    moment = pd.Timestamp(text)
    return (moment.tz_convert(TIME_ZONE) if moment.tzinfo else moment).date()


def day_in_name(path: Path) -> date | None:
    """The day on which a dated file came out: 20250125, 2025-06-01 or P06302025 in its name."""
    if found := re.search(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?!\d)", path.name):
        return date(*map(int, found.groups()))
    if found := re.search(r"_P(\d\d)(\d\d)(20\d\d)", path.name):
        month, day, year = map(int, found.groups())
        return date(year, month, day)
    return None


def without_later_rows(landing: Path, target: Path, day: date) -> int:
    """Copy a landing zone as it lay on `day`: no file that came out later, no CRM row made later; returns what was left out."""
    left_out = 0
    for path in sorted(p for p in landing.rglob("*") if p.is_file()):
        place = target / path.relative_to(landing)
        place.parent.mkdir(parents=True, exist_ok=True)
        came_out = day_in_name(path)
        if year := re.search(r"_D(\d\d)_|CY(20\d\d)", path.name):
            came_out = (pd.Timestamp(int(year[2] or f"20{year[1]}"), 12, 31) + PUBLIC_CLAIMS_LAG).date()
        if came_out and came_out > day:
            left_out += 1
        elif path.parent.name == "salesforce" and path.stem in KNOWN_BY:
            # Latin-1 keeps every byte as it is, whatever the file's own encoding.
            rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="latin-1")
            kept = rows[rows[KNOWN_BY[path.stem]].map(local_day) <= day]
            left_out += len(rows) - len(kept)
            kept.to_csv(place, index=False, encoding="latin-1")
        else:
            shutil.copyfile(path, place)
    return left_out


@pytest.fixture(scope="module")
def replayed(world, fieldscope, tmp_path_factory):
    day = (pd.Timestamp(world.as_of) - pd.DateOffset(months=7)).date()
    folder = tmp_path_factory.mktemp("replay")
    assert without_later_rows(world.landing, folder / "landing", day) > 100
    return day, fieldscope(world.landing, folder / "full", day), fieldscope(folder / "landing", folder / "cut", day)


def test_later_rows_change_nothing(replayed):
    _, full, cut = replayed
    assert full.code == 0, full.text
    assert cut.code == 0, cut.text
    assert differing_marts(*((night.home / "published" / "current").resolve() for night in (full, cut))) == {}


def test_nothing_in_a_mart_is_later_than_as_of(replayed):
    day, full, _ = replayed
    later = {
        "orders": "ordered_on",
        "opportunity_stages": "cast(entered_at as date)",
        "provider_affiliations": "valid_from",
        "opportunities": "created_on",
        "marketing_touches": "touched_on",
        "provider_procedures": "period_start",
    }
    with duckdb.connect(str(full.home / "published" / "current" / "fieldscope.duckdb"), read_only=True) as connection:
        for mart, column in later.items():
            newest, rows = connection.execute(f"select max({column}), count(*) from {mart}").fetchone()
            assert rows, mart
            assert newest <= day, f"{mart} speaks of {newest}"
        kept_later = connection.execute(
            "select count(*) from calls where is_kept and cast(called_at as date) > ?", [day + pd.Timedelta(days=1)]
        )
        assert kept_later.fetchone()[0] == 0


@pytest.fixture(scope="module")
def overwritten(first_night, world, fieldscope, tmp_path_factory):
    """A home whose landing zone changed after its first night: the release of that night, a second night, the first once more."""
    folder = tmp_path_factory.mktemp("overwritten")
    home, landing = folder / "home", folder / "landing"
    shutil.copytree(first_night.home, home, symlinks=True)
    shutil.copytree(world.landing, landing)
    first = (home / "published" / "current").resolve()
    crm = landing / "crm" / "salesforce"
    for name in ("Contact", "Opportunity", "Event"):
        rows = pd.read_csv(crm / f"{name}.csv", dtype=str, keep_default_na=False, encoding="latin-1")
        rows.iloc[::3].to_csv(crm / f"{name}.csv", index=False, encoding="latin-1")
    (crm / "Campaign.csv").write_text("no export\n1\n")
    next(iter((landing / "open_payments").rglob("OP_DTL_GNRL*2023*"))).unlink()
    settings = landing / "company" / "company.yml"
    settings.write_text(settings.read_text().replace("rep_annual_cost_usd: 220000", "rep_annual_cost_usd: 100000"))
    second = fieldscope(landing, home, world.as_of + pd.Timedelta(days=1))
    return first, second, fieldscope(landing, home, world.as_of)


def test_a_past_night_is_given_again_to_the_byte_though_its_files_were_overwritten(overwritten):
    first, second, again = overwritten
    assert second.code == 3, second.text
    assert "Since the night before:" in second.text
    assert again.code == 0, again.text
    assert "as in use then" in again.text
    after = (again.home / "published" / "current").resolve()
    assert after != first
    for path in sorted((first / "parquet").glob("*.parquet")):
        if path.stem != "refresh_log":
            assert path.read_bytes() == (after / "parquet" / path.name).read_bytes(), f"{path.stem} is not the same"


def test_the_log_says_what_changed_since_the_night_before(overwritten):
    _, _, again = overwritten
    (restated,) = again.query(
        "select changes from refresh_log where as_of = (select max(as_of) from refresh_log) and status = 'published'"
    )
    assert "crm/salesforce/Contact.csv: delivered again with other content: −" in restated[0]
    assert "open_payments general 2023: no longer delivered: −" in restated[0]
