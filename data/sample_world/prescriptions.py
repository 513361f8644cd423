"""CMS Part D by prescriber and drug: the anticoagulants that follow a joint replacement, and a few other drugs.

Rows of fewer than eleven claims are absent, fewer than eleven patients are blank, as in reality.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world import layouts
from sample_world.dirt import spoil
from sample_world.files import write_csv
from sample_world.geography import STATE_FIPS, Geography
from sample_world.people import People
from sample_world.public_claims import yearly_counts
from sample_world.streams import stream, weighted
from sample_world.volumes import FOCUS, Volumes

YEARS = (2022, 2023, 2024)
FEWEST = 11
_DRUGS = pd.DataFrame(
    [  # brand, generic, claims for each joint replaced, claims a month of a general practice, cost of a claim
        ("Eliquis", "Apixaban", 0.5, 4.0, 590.0), ("Xarelto", "Rivaroxaban", 0.3, 1.5, 560.0),
        ("Meloxicam", "Meloxicam", 0.4, 3.0, 9.5), ("Tramadol Hcl", "Tramadol Hcl", 0.5, 1.0, 12.0),
    ],
    columns=["brand", "generic", "each_joint", "each_month", "cost"],
)  # fmt: skip


def write_part_d(seed: int, geography: Geography, people: People, volumes: Volumes, folder: Path) -> int:
    """Write one file a year, each published two years after it."""
    rows = 0
    for year in YEARS:
        table = _year_rows(seed, geography, people, volumes, year)
        table = spoil(seed, f"part_d {year}", table, npi="Prscrbr_NPI", number="Tot_Drug_Cst", share=0.001)
        name = f"MUP_DPR_RY{year - 1998}_P04_V10_DY{year - 2000}_NPIBN.csv"
        rows += write_csv(folder / name, table, layouts.MUP_DPR)
    return rows


def _claims(rng: np.random.Generator, people: People, volumes: Volumes, year: int) -> np.ndarray:
    """Claims of each provider and drug: surgeons prescribe after operations, general practices all year."""
    pairs = volumes.pairs
    is_focus = (pairs.family < len(FOCUS)).to_numpy()
    joints = np.bincount(pairs.provider[is_focus], yearly_counts(volumes, year)[is_focus], len(people.providers))
    months = np.clip((year - 2022) * 12 + 6 - people.providers.started.to_numpy(), 0, 12)
    months = months * people.providers.kind.isin(["family", "nurse", "rheumatology"]).to_numpy()
    habit = rng.gamma(2.0, 0.5, size=(len(people.providers), len(_DRUGS)))
    return rng.poisson(habit * (np.outer(joints, _DRUGS.each_joint) + np.outer(months, _DRUGS.each_month)))


def _year_rows(seed: int, geography: Geography, people: People, volumes: Volumes, year: int) -> pd.DataFrame:
    rng = stream(seed, "part_d", year)
    every = _claims(rng, people, volumes, year)
    provider, drug = np.nonzero(every >= FEWEST)
    claims, drugs = every[provider, drug], _DRUGS.iloc[drug].reset_index(drop=True)
    who = people.providers.iloc[provider].reset_index(drop=True)
    moved = who.moved_in.to_numpy() < (year - 2023) * 12
    place = geography.zips.iloc[np.where(moved, who.later_zip, who.zip_row)].reset_index(drop=True)
    fills = np.round(claims * rng.uniform(1.0, 1.6, size=len(claims)), 1)
    patients = np.maximum(1, np.round(claims * rng.uniform(0.4, 0.9, size=len(claims))).astype(int))
    cost = np.round(fills * drugs.cost.to_numpy() * rng.normal(1, 0.03, size=len(claims)), 2)
    table = pd.DataFrame({
        "Prscrbr_NPI": who.npi, "Prscrbr_Last_Org_Name": who["last"], "Prscrbr_First_Name": who["first"],
        "Prscrbr_City": place.city, "Prscrbr_State_Abrvtn": place.state, "Prscrbr_State_FIPS": place.state.map(STATE_FIPS),
        "Prscrbr_Type": who.specialty, "Prscrbr_Type_Src": "Claim-Specialty", "Brnd_Name": drugs.brand,
        "Gnrc_Name": drugs.generic, "Tot_Clms": claims, "Tot_30day_Fills": fills, "Tot_Day_Suply": (fills * 30).astype(int),
        "Tot_Drug_Cst": cost, "Tot_Benes": patients,
    })  # fmt: skip
    return _with_the_old_told_apart(rng, table)


def _with_the_old_told_apart(rng: np.random.Generator, table: pd.DataFrame) -> pd.DataFrame:
    """The columns of patients of 65 and above, hidden behind `*` or `#` in one row of five; few patients are blank."""
    counts = ["Tot_Clms", "Tot_Day_Suply", "Tot_Benes"]
    table[counts] = table[counts].astype("Int64")  # whole numbers stay whole where some are missing
    for measure in ("Tot_Clms", "Tot_30day_Fills", "Tot_Drug_Cst", "Tot_Day_Suply", "Tot_Benes"):
        table[f"GE65_{measure}"] = table[measure]
    is_hidden = rng.random(len(table)) < 0.2
    table["GE65_Sprsn_Flag"] = np.where(is_hidden, weighted(rng, ["*", "#"], [2, 1], len(table)), None)
    table["GE65_Bene_Sprsn_Flag"] = np.where(table.Tot_Benes < FEWEST, "*", None)
    for measure in table.columns[table.columns.str.startswith("GE65_Tot")]:
        table[measure] = table[measure].mask(is_hidden)
    for patients in ("Tot_Benes", "GE65_Tot_Benes"):
        table[patients] = table[patients].mask(table[patients] < FEWEST)
    return table
