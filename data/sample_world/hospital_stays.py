"""CMS inpatient discharges by hospital and MS-DRG, in the layout of 2011 to 2017 and the current one.

Discharges follow what the hospital's surgeons did in the year; groups of fewer than eleven are absent, as in reality.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world import layouts
from sample_world.dirt import spoil
from sample_world.files import write_csv
from sample_world.geography import STATE_FIPS
from sample_world.people import People, site_in_month
from sample_world.public_claims import yearly_counts
from sample_world.streams import stream
from sample_world.volumes import FAMILIES, FOCUS, Volumes

FEWEST_DISCHARGES = 11
_MEDICARE_INPATIENT = 0.35
_FRACTURE = "HIP REPLACEMENT WITH PRINCIPAL DIAGNOSIS OF HIP FRACTURE"
_MAJOR = "MAJOR HIP AND KNEE JOINT REPLACEMENT OR REATTACHMENT OF LOWER EXTREMITY"
_GROUPS = {  # description, average Medicare payment
    "469": (f"{_MAJOR} WITH MCC", 19_800), "470": (f"{_MAJOR} WITHOUT MCC", 11_900),
    "521": (f"{_FRACTURE} WITH MCC", 20_400), "522": (f"{_FRACTURE} WITHOUT MCC", 14_100),
    "065": ("INTRACRANIAL HEMORRHAGE OR CEREBRAL INFARCTION WITH CC OR TPA IN 24 HOURS", 7_300),
    "291": ("HEART FAILURE AND SHOCK WITH MCC", 9_600), "871": ("SEPTICEMIA OR SEVERE SEPSIS WITHOUT MV >96 HOURS WITH MCC", 13_700),
}  # fmt: skip
_SURGICAL = {"hip_replacement": [("469", 0.05), ("470", 0.65), ("521", 0.06), ("522", 0.24)],
             "knee_replacement": [("469", 0.06), ("470", 0.94)]}  # fmt: skip
_MEDICAL = ("065", "291", "871")
_OLD_YEAR = 2017
_FILES = {
    _OLD_YEAR: f"Medicare_Provider_Charge_Inpatient_DRGALL_FY{_OLD_YEAR}.csv", 2022: "MUP_INP_RY24_P03_V10_DY22_PrvSvc.CSV",
    2023: "MUP_INP_RY25_P03_V10_DY23_PrvSvc.csv", 2024: "MUP_INP_RY26_P03_V10_DY24_PrvSvc.csv",
}  # fmt: skip
_OLD_NAMES = {
    "Rndrng_Prvdr_CCN": "Provider Id", "Rndrng_Prvdr_Org_Name": "Provider Name", "Rndrng_Prvdr_City": "Provider City",
    "Rndrng_Prvdr_St": "Provider Street Address", "Rndrng_Prvdr_Zip5": "Provider Zip Code",
    "Rndrng_Prvdr_State_Abrvtn": "Provider State", "Tot_Dschrgs": " Total Discharges ",
    "Avg_Submtd_Cvrd_Chrg": " Average Covered Charges ", "Avg_Tot_Pymt_Amt": " Average Total Payments ",
    "Avg_Mdcr_Pymt_Amt": "Average Medicare Payments",
}  # fmt: skip


def write_inpatient(seed: int, people: People, volumes: Volumes, folder: Path) -> int:
    """Write every year under its publisher's name; the years before 2024 in Windows' own code page."""
    rows = 0
    for year, name in _FILES.items():
        table = _year_rows(seed, people, volumes, year)
        if year == _OLD_YEAR:
            rows += write_csv(folder / name, *_as_in_2017(table))
            continue
        if len(table) > 60:  # in a file of a few rows one spoilt row, which may come twice, is too many
            table = spoil(seed, f"inpatient {year}", table, number="Avg_Tot_Pymt_Amt")
        rows += write_csv(folder / name, table, layouts.MUP_INP, encoding="utf-8" if year >= 2024 else "cp1252")
    return rows


def _as_in_2017(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Dollar signs, blanks around names, CCNs that lost their zeros, the DRG within its description."""
    old = table.rename(columns=_OLD_NAMES)
    old["DRG Definition"] = table.DRG_Cd + " - " + table.DRG_Desc
    old["Provider Id"] = table.Rndrng_Prvdr_CCN.str.lstrip("0")
    old["Hospital Referral Region (HRR) Description"] = (
        table.Rndrng_Prvdr_State_Abrvtn + " - " + table.Rndrng_Prvdr_City
    )
    for column in (c for c in old if c.strip().startswith("Average ")):
        old[column] = [f"${value:,.2f}" for value in old[column]]
    columns = [next(c for c in old if c.strip() == name) for name in layouts.INPATIENT_2011]
    return old, columns


def _year_rows(seed: int, people: People, volumes: Volumes, year: int) -> pd.DataFrame:
    rng = stream(seed, "inpatient", year)
    discharges = _discharges(rng, people, volumes, year)
    facility, group = np.nonzero(discharges >= FEWEST_DISCHARGES)
    code = np.asarray(list(_GROUPS), dtype=object)[group]
    site = people.facilities.iloc[facility].reset_index(drop=True)
    paid = np.array([_GROUPS[c][1] for c in code]) * rng.normal(1, 0.07, size=len(code))
    return pd.DataFrame({
        "Rndrng_Prvdr_CCN": site.ccn, "Rndrng_Prvdr_Org_Name": site["name"].str.replace("'", "\u2019"),
        "Rndrng_Prvdr_City": site.city, "Rndrng_Prvdr_St": site.street, "Rndrng_Prvdr_State_FIPS": site.state.map(STATE_FIPS),
        "Rndrng_Prvdr_Zip5": site.zip5, "Rndrng_Prvdr_State_Abrvtn": site.state, "Rndrng_Prvdr_RUCA": "1",
        "Rndrng_Prvdr_RUCA_Desc": "Metropolitan area core: primary flow within an urbanized area of 50,000 and greater",
        "DRG_Cd": code, "DRG_Desc": [_GROUPS[c][0] for c in code], "Tot_Dschrgs": discharges[facility, group],
        "Avg_Submtd_Cvrd_Chrg": np.round(paid * 5.1, 8), "Avg_Tot_Pymt_Amt": np.round(paid * 1.17, 8),
        "Avg_Mdcr_Pymt_Amt": np.round(paid, 8),
    })  # fmt: skip


def _discharges(rng: np.random.Generator, people: People, volumes: Volumes, year: int) -> np.ndarray:
    """Discharges of each facility in each group; none where there is no hospital."""
    codes = list(_GROUPS)
    table = np.zeros((len(people.facilities), len(codes)), dtype=int)
    pairs = volumes.pairs
    site = site_in_month(people.providers, pairs.provider.to_numpy(), np.full(len(pairs), (year - 2023) * 12))
    done = yearly_counts(volumes, year)
    for family in FOCUS:
        chosen = (pairs.family == FAMILIES.index(family)).to_numpy()
        stays = rng.binomial(np.bincount(site[chosen], done[chosen], len(table)).astype(int), _MEDICARE_INPATIENT)
        groups, shares = zip(*_SURGICAL[family], strict=True)
        table[:, [codes.index(g) for g in groups]] += rng.multinomial(stays, shares)
    size = people.facilities["size"].to_numpy()[:, None]
    table[:, [codes.index(g) for g in _MEDICAL]] = rng.poisson(size * np.array([40, 90, 120]))
    return table * people.facilities.is_hospital.to_numpy()[:, None]
