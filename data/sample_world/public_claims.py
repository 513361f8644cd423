"""The CMS files of yearly volume by provider and service, in the old layouts and the current one.

Rows of fewer than eleven patients are absent, as in reality; monthly claim lines are in claims.py.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world import layouts
from sample_world.clock import FIRST_MONTH
from sample_world.company import HCPCS
from sample_world.dirt import spoil
from sample_world.files import write_csv
from sample_world.geography import STATE_FIPS, Geography
from sample_world.streams import stream
from sample_world.volumes import FAMILIES, FIRST_PUBLIC_YEAR, Volumes

LAST_YEAR = 2024
FEWEST_PATIENTS = 11
_DESCRIPTION = {
    "27130": "Replacement of thigh bone and hip joint prosthesis", "27132": "Conversion of previous hip surgery to hip replacement",
    "27134": "Revision of total hip replacement, both components", "27137": "Revision of hip socket component",
    "27138": "Revision of thigh bone component", "27447": "Repair of knee joint", "27446": "Repair of knee joint, one compartment",
    "27486": "Revision of knee replacement, one component", "27487": "Revision of knee replacement, all components",
    "29881": "Removal of one knee cartilage using an endoscope", "29880": "Removal of both knee cartilages using an endoscope",
    "20610": "Aspiration and/or injection of large joint or joint capsule",
    "20611": "Aspiration and/or injection of large joint, with ultrasound guidance",
    "99213": "Established patient office or other outpatient visit, 20-29 minutes",
    "99214": "Established patient office or other outpatient visit, 30-39 minutes",
}  # fmt: skip
_ALLOWED = {
    "27130": 1290,
    "27447": 1275,
    "27134": 1850,
    "27487": 1700,
    "29881": 540,
    "20610": 65,
    "99213": 92,
    "99214": 130,
}


def yearly_counts(volumes: Volumes, year: int) -> np.ndarray:
    """Procedures of each pair in a calendar year."""
    first = FIRST_MONTH.year
    past = volumes.public_counts[:, year - FIRST_PUBLIC_YEAR] if year <= first else 0
    offset = FIRST_MONTH.month - 1
    start, end = max(0, (year - first) * 12 - offset), max(0, (year - first + 1) * 12 - offset)
    return past + volumes.counts[:, start:end].sum(axis=1)


def write_provider_service(
    seed: int, geography: Geography, providers: pd.DataFrame, volumes: Volumes, folder: Path
) -> int:
    """Write every year in the layout, encoding and line end of its time."""
    rows = 0
    for year in range(FIRST_PUBLIC_YEAR, LAST_YEAR + 1):
        table = _year_rows(seed, geography, providers, volumes, year)
        if year <= 2015:
            rows += _write_old(seed, folder, table, year)
            continue
        table = spoil(seed, f"provider_service {year}", table, npi="Rndrng_NPI", number="Avg_Mdcr_Pymt_Amt", count="Tot_Srvcs",
                      suppressed="Tot_Benes", share=0.001)  # fmt: skip
        if year == 2016:  # a dash of Windows' own code page
            table["HCPCS_Desc"] = table["HCPCS_Desc"].str.replace(", ", " – ")
        columns = layouts.MUP_PHY if year <= 2022 else layouts.MUP_PHY_2023
        release = year - 2000 + 2
        path = folder / f"MUP_PHY_R{release:02d}_P{5 if year < 2020 else 7:02d}_V10_D{year - 2000:02d}_Prov_Svc.csv"
        style = {2016: {"encoding": "cp1252"}, 2017: {"line_end": "\r\n"}, 2021: {"encoding": "utf-8-sig"}}.get(
            year, {}
        )
        rows += write_csv(path, table, columns, **style)
    return rows


def _write_old(seed: int, folder: Path, table: pd.DataFrame, year: int) -> int:
    old = table.rename(columns={new: name for name, new in layouts.RENAMED_2021.items()})
    for measure in ("allowed_amt", "submitted_chrg_amt", "payment_amt"):
        source = f"average_{measure.replace('allowed', 'medicare_allowed').replace('payment', 'medicare_payment')}"
        old[f"stdev_{measure.replace('allowed', 'medicare_allowed').replace('payment', 'medicare_payment')}"] = 0
        if year == 2012 and "medicare" in source:
            old[source.replace("medicare", "Medicare")] = old[source]
            old[source.replace("average_medicare", "stdev_Medicare")] = 0
    old["nppes_provider_zip"] = old["nppes_provider_zip"] + "1234"
    columns = {2012: layouts.PUF_2012, 2013: layouts.PUF_2013}.get(year, layouts.PUF_2014)
    suffix, separator = ("txt", "\t") if year in (2012, 2015) else ("csv", ",")
    path = folder / f"Medicare_Provider_Util_Payment_PUF_CY{year}.{suffix}"
    old = spoil(seed, f"provider_service {year}", old, npi="npi", share=0.001)
    return write_csv(path, old, columns, separator=separator)


def _year_rows(seed: int, geography: Geography, providers: pd.DataFrame, volumes: Volumes, year: int) -> pd.DataFrame:
    rng = stream(seed, "provider_service", year)
    counts = yearly_counts(volumes, year)
    parts = []
    for number, family in enumerate(FAMILIES):
        chosen = np.flatnonzero(volumes.pairs.family == number)
        codes, shares = zip(*HCPCS[family], strict=True)
        split = rng.multinomial(counts[chosen], shares)
        pair, code = np.nonzero(split)
        parts.append(pd.DataFrame({
            "provider": volumes.pairs.provider.to_numpy()[chosen][pair], "HCPCS_Cd": np.asarray(codes, dtype=object)[code],
            "services": split[pair, code], "repeat": 0.98 if number < 3 else 0.7,
            "Place_Of_Srvc": "F" if number < 3 else "O",
        }))  # fmt: skip
    visits = rng.poisson(
        rng.gamma(1.5, 90, size=(len(providers), 2)) * (providers.started.to_numpy() < (year - 2023) * 12)[:, None]
    )
    person, code = np.nonzero(visits)
    parts.append(pd.DataFrame({
        "provider": person, "HCPCS_Cd": np.array(["99213", "99214"], dtype=object)[code], "services": visits[person, code],
        "repeat": 0.6, "Place_Of_Srvc": "O",
    }))  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    rows["patients"] = np.round(rows.services * rows.repeat).astype(int)
    rows = (
        rows[rows.patients >= FEWEST_PATIENTS]
        .sort_values(["provider", "HCPCS_Cd"], kind="stable")
        .reset_index(drop=True)
    )
    return _with_provider(rng, geography, providers, rows, year)


def _with_provider(
    rng: np.random.Generator, geography: Geography, providers: pd.DataFrame, rows: pd.DataFrame, year: int
) -> pd.DataFrame:
    who = providers.iloc[rows.provider].reset_index(drop=True)
    moved = who.moved_in.to_numpy() < (year - 2023) * 12
    place = geography.zips.iloc[np.where(moved, who.later_zip, who.zip_row)].reset_index(drop=True)
    allowed = rows.HCPCS_Cd.map(_ALLOWED).fillna(900).to_numpy() * rng.normal(1, 0.04, size=len(rows))
    return pd.DataFrame({
        "Rndrng_NPI": who.npi, "Rndrng_Prvdr_Last_Org_Name": who["last"], "Rndrng_Prvdr_First_Name": who["first"],
        "Rndrng_Prvdr_MI": who.middle, "Rndrng_Prvdr_Crdntls": who.credential, "Rndrng_Prvdr_Gndr": who.gender,
        "Rndrng_Prvdr_Ent_Cd": "I", "Rndrng_Prvdr_St1": who.street, "Rndrng_Prvdr_City": place.city,
        "Rndrng_Prvdr_State_Abrvtn": place.state, "Rndrng_Prvdr_State_FIPS": place.state.map(STATE_FIPS),
        "Rndrng_Prvdr_Zip5": place.zip5, "Rndrng_Prvdr_RUCA": "1",
        "Rndrng_Prvdr_RUCA_Desc": "Metropolitan area core: primary flow within an urbanized area of 50,000 and greater",
        "Rndrng_Prvdr_Cntry": "US", "Rndrng_Prvdr_Type": who.specialty, "Rndrng_Prvdr_Mdcr_Prtcptg_Ind": "Y",
        "HCPCS_Cd": rows.HCPCS_Cd, "HCPCS_Desc": rows.HCPCS_Cd.map(_DESCRIPTION), "HCPCS_Drug_Ind": "N",
        "Place_Of_Srvc": rows.Place_Of_Srvc, "Tot_Benes": rows.patients, "Tot_Srvcs": rows.services,
        "Tot_Bene_Day_Srvcs": rows.services, "Avg_Sbmtd_Chrg": np.round(allowed * 3.4, 8),
        "Avg_Mdcr_Alowd_Amt": np.round(allowed, 8), "Avg_Mdcr_Pymt_Amt": np.round(allowed * 0.78, 8),
        "Avg_Mdcr_Stdzd_Amt": np.round(allowed * 0.8, 8),
    })  # fmt: skip
