"""Open Payments for research and of ownership: studies with their investigators, and stakes in a maker.

General payments are in payments.py.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world.company import OPEN_PAYMENTS_NAMES
from sample_world.dirt import spoil
from sample_world.files import us_dates, write_csv
from sample_world.geography import Geography
from sample_world.people import People
from sample_world.research_layouts import (
    INVESTIGATORS,
    MAKER,
    OWNERSHIP_2013,
    OWNERSHIP_2021,
    RESEARCH_2013,
    RESEARCH_2021,
)
from sample_world.streams import stream, weighted

RESEARCH_RELEASES = {2015: ["06302016"], 2022: ["06302023"], 2023: ["06302024"], 2024: ["06302025", "01302026"]}
OWNERSHIP_RELEASES = {2019: ["06302020"], 2023: ["06302024"], 2024: ["06302025"]}
FIRST_YEAR_WITH_NPI = 2021
_AMOUNT = "Total_Amount_of_Payment_USDollars"
_MAKERS = np.asarray(list(OPEN_PAYMENTS_NAMES), dtype=object)
_HOSPITAL, _PHYSICIAN, _ENTITY = (
    f"{kind} {what}"
    for kind, what in (("Covered Recipient", "Teaching Hospital"), ("Covered Recipient", "Physician"), ("Non-covered Recipient", "Entity"))
)  # fmt: skip


def write_research(seed: int, geography: Geography, people: People, folder: Path) -> int:
    """Write all program years of research, each release; a later release corrects amounts and adds rows."""
    rows = 0
    for year, releases in RESEARCH_RELEASES.items():
        whole = _studies(seed, geography, people, year)
        for number, release in enumerate(releases):
            table = whole.assign(Payment_Publication_Date=_published(release))
            if number + 1 < len(releases):
                rng = stream(seed, "research", release)
                table = table[rng.random(len(table)) < 0.95].reset_index(drop=True)
                table.loc[rng.random(len(table)) < 0.05, _AMOUNT] *= 1.5
            table[_AMOUNT] = table[_AMOUNT].round(2)
            # In a file of a few rows one spoilt row, which may come twice, is more than a contract forgives.
            if len(table) > 60:
                table = spoil(seed, f"research {release}", table, number=_AMOUNT)
            columns = RESEARCH_2021
            if year < FIRST_YEAR_WITH_NPI:
                table, columns = table.rename(columns=_old_name), RESEARCH_2013
            rows += write_csv(folder / f"OP_DTL_RSRCH_PGYR{year}_P{release}.csv", table, columns)
    return rows


def write_ownership(seed: int, geography: Geography, people: People, folder: Path) -> int:
    """Write all program years of ownership."""
    rows = 0
    for year, releases in OWNERSHIP_RELEASES.items():
        columns = OWNERSHIP_2021 if year >= FIRST_YEAR_WITH_NPI else OWNERSHIP_2013
        for release in releases:
            table = _stakes(seed, geography, people, year).assign(Payment_Publication_Date=_published(release))
            rows += write_csv(folder / f"OP_DTL_OWNRSHP_PGYR{year}_P{release}.csv", table, columns)
    return rows


def _published(release: str) -> str:
    return f"{release[:2]}/{release[2:4]}/{release[4:]}"


def _old_name(column: str) -> str:
    """The name of before 2021: `Physician_Specialty` for `Covered_Recipient_Specialty_1`, and so for investigators."""
    if column.startswith("Covered_Recipient_") and column != "Covered_Recipient_Type":
        column = column.replace("Covered_Recipient_", "Physician_")
    return column.removesuffix("_1") if column.endswith(("Primary_Type_1", "Specialty_1")) else column


def _surgeons(people: People, year: int) -> np.ndarray:
    who = people.providers
    is_surgeon = who.kind.isin(["orthopedic", "reconstruction", "sports"]) & (who.started < (year - 2023) * 12)
    return np.flatnonzero(is_surgeon)


def _studies(seed: int, geography: Geography, people: People, year: int) -> pd.DataFrame:
    rng = stream(seed, "research", year)
    surgeons = _surgeons(people, year)
    count = max(24, len(surgeons) // 8)
    kind = weighted(rng, [_HOSPITAL, _PHYSICIAN, _ENTITY], [5, 2, 3], count)
    maker = rng.integers(0, len(_MAKERS), size=count)
    day = np.datetime64(f"{year}-01-01") + rng.integers(0, 365, size=count)
    table = pd.DataFrame({
        "Change_Type": weighted(rng, ["UNCHANGED", "NEW", "CHANGED"], [80, 15, 5], count), "Covered_Recipient_Type": kind,
        "Noncovered_Recipient_Entity_Name": np.where(kind == _ENTITY, "Harbor Clinical Research, Inc.", None),
        "Total_Amount_of_Payment_USDollars": np.round(np.exp(rng.normal(8.2, 1.0, size=count)), 2),
        "Date_of_Payment": us_dates(day), "Form_of_Payment_or_Transfer_of_Value": "Cash or cash equivalent",
        "Preclinical_Research_Indicator": "No", "Delay_in_Publication_Indicator": "No",
        "Name_of_Study": [f"Outcomes of a cementless stem, cohort {n}" for n in rng.integers(1, 40, size=count)],
        "Dispute_Status_for_Publication": "No", "Record_ID": (year * 1_000_000 + 800_000 + np.arange(count)).astype(str),
        "Program_Year": str(year), "Related_Product_Indicator": "Yes", "Product_Indicator": "Covered", **_maker(maker),
    })  # fmt: skip
    table.loc[0, "Change_Type"], table.loc[1, "Dispute_Status_for_Publication"] = "DELETED", "Yes"
    _add_recipients(rng, geography, people, surgeons, table)
    _add_investigators(rng, geography, people, surgeons, table)
    return table


def _maker(maker: np.ndarray) -> dict[str, np.ndarray | str]:
    return {
        "Submitting_Applicable_Manufacturer_or_Applicable_GPO_Name": _MAKERS[maker], f"{MAKER}_ID": (100000010000 + maker).astype(str),
        f"{MAKER}_Name": _MAKERS[maker], f"{MAKER}_State": "IN", f"{MAKER}_Country": "United States",
    }  # fmt: skip


def _add_recipients(
    rng: np.random.Generator, geography: Geography, people: People, surgeons: np.ndarray, table: pd.DataFrame
) -> None:
    """Whoever got the money: a hospital by its CCN, a physician by profile and NPI, another entity by name alone."""
    rows = np.flatnonzero(table.Covered_Recipient_Type == _PHYSICIAN)
    _fill(table, rows, "Covered_Recipient", "Recipient", geography, people, rng.choice(surgeons, size=len(rows)))
    hospitals = people.facilities[people.facilities.is_hospital]
    rows = np.flatnonzero(table.Covered_Recipient_Type == _HOSPITAL)
    chosen = hospitals.iloc[rng.integers(0, len(hospitals), size=len(rows))]
    for column, source in (("Teaching_Hospital_CCN", "ccn"), ("Teaching_Hospital_Name", "name")):
        table[column] = pd.Series(None, index=table.index, dtype=object)
        table.loc[rows, column] = chosen[source].to_numpy()


def _add_investigators(
    rng: np.random.Generator, geography: Geography, people: People, surgeons: np.ndarray, table: pd.DataFrame
) -> None:
    """One to five surgeons a study, fewer the further down the list; one in four is known by profile alone."""
    number = rng.choice([1, 2, 3, 4, 5], p=[0.6, 0.2, 0.1, 0.06, 0.04], size=len(table))
    number[-1] = len(INVESTIGATORS)
    number = np.minimum(number, len(surgeons))
    chosen = [rng.choice(surgeons, size=n, replace=False) for n in number]
    for place in INVESTIGATORS:
        rows = np.flatnonzero(number >= place)
        of = f"Principal_Investigator_{place}"
        _fill(table, rows, of, of, geography, people, np.array([chosen[row][place - 1] for row in rows], dtype=int))
        table.loc[rows, f"{of}_Covered_Recipient_Type"] = _PHYSICIAN
        table.loc[rows[rng.random(len(rows)) < 0.25], f"{of}_NPI"] = None


def _fill(
    table: pd.DataFrame, rows: np.ndarray, of: str, at: str, geography: Geography, people: People, provider: np.ndarray
) -> None:
    """Write the person `provider` into the columns of `of` and its place into those of `at`."""
    who = people.providers.iloc[provider].reset_index(drop=True)
    place = geography.zips.iloc[who.zip_row].reset_index(drop=True)
    values = {
        f"{of}_Profile_ID": who.profile_id.astype(str), f"{of}_NPI": who.npi, f"{of}_First_Name": who["first"].str.upper(),
        f"{of}_Middle_Name": who.middle, f"{of}_Last_Name": who["last"].str.upper(), f"{of}_Primary_Type_1": "Medical Doctor",
        f"{of}_Specialty_1": "Allopathic & Osteopathic Physicians|" + who.specialty, f"{of}_License_State_code1": place.state,
        f"{at}_City": place.city, f"{at}_State": place.state, f"{at}_Zip_Code": place.zip5, f"{at}_Country": "United States",
    }  # fmt: skip
    for column, value in values.items():
        whole = np.full(len(table), None, dtype=object)
        whole[rows] = value
        table[column] = whole


def _stakes(seed: int, geography: Geography, people: People, year: int) -> pd.DataFrame:
    rng = stream(seed, "ownership", year)
    surgeons = _surgeons(people, year)
    owner = np.sort(rng.choice(surgeons, size=min(len(surgeons), max(8, len(surgeons) // 60)), replace=False))
    count = len(owner)
    invested = np.round(np.exp(rng.normal(9.5, 1.1, size=count)), 2)
    table = pd.DataFrame({
        "Change_Type": weighted(rng, ["UNCHANGED", "NEW"], [4, 1], count), "Total_Amount_Invested_USDollars": invested,
        "Value_of_Interest": np.round(invested * rng.uniform(0.8, 3.0, size=count), 2), "Terms_of_Interest": "Stock",
        "Record_ID": (year * 1_000_000 + 900_000 + np.arange(count)).astype(str), "Program_Year": str(year),
        "Dispute_Status_for_Publication": "No", **_maker(rng.integers(0, len(_MAKERS), size=count)),
        "Interest_Held_by_Physician_or_an_Immediate_Family_Member": weighted(
            rng, ["Physician Covered Recipient", "Immediate family member"], [4, 1], count
        ),
    })  # fmt: skip
    table.loc[0, "Change_Type"], table.loc[1, "Dispute_Status_for_Publication"] = "DELETED", "Yes"
    _fill(table, np.arange(count), "Physician", "Recipient", geography, people, owner)
    return table.rename(columns=_old_name)
