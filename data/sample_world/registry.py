"""The public registries: NPPES, Doctors & Clinicians, dated affiliations, hospitals, shared patients.

Who people are is decided in people.py; here they only get their published form.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from sample_world import layouts
from sample_world.behaviour import Behaviour
from sample_world.clock import month_number, month_start
from sample_world.dirt import spoil
from sample_world.files import us_dates, write_csv
from sample_world.geography import Geography
from sample_world.identifiers import make_npis, numbered
from sample_world.nppes_layout import NPPES
from sample_world.people import People, site_in_month
from sample_world.streams import stream, weighted

SNAPSHOTS = tuple(date(y, m, 1) for y, m in [(2024, 6), (2024, 12), (2025, 6), (2025, 12), (2026, 3), (2026, 6)])
_PRACTICE = "Provider Business Practice Location Address"
_MAILING = "Provider Business Mailing Address"


def write_registry(
    seed: int, geography: Geography, people: People, behaviour: Behaviour, folder: Path
) -> dict[str, int]:
    """Write every registry file and return rows by file kind."""
    hospitals = people.facilities[people.facilities.is_hospital]
    affiliations = 0
    for day in SNAPSHOTS:
        table = _affiliations(people, day)
        if day == SNAPSHOTS[1]:  # a copy that went through a spreadsheet and lost its leading zeros
            column = "Facility Affiliations Certification Number"
            table[column] = table[column].str.lstrip("0")
        affiliations += write_csv(folder / f"Facility_Affiliation_{day}.csv", table, layouts.FACILITY_AFFILIATION)
    doctors = spoil(seed, "doctors", _doctors(seed, geography, people), npi="NPI", share=0.001)
    return {
        "nppes": write_csv(folder / "npidata_pfile_20050523-20260607.csv", _nppes(seed, geography, people), NPPES),
        "doctors_clinicians": write_csv(folder / "DAC_NationalDownloadableFile.csv", doctors, layouts.DOCTORS_CLINICIANS,
                                        line_end="\r\n"),
        "facility_affiliation": affiliations,
        "hospital_general": write_csv(folder / "Hospital_General_Information.csv", _hospitals(seed, hospitals), layouts.HOSPITAL_GENERAL),
        "shared_patients": write_csv(folder / "physician_shared_patient_patterns_2022_days30.txt",
                                     _shared_patients(people, behaviour), header=False),
    }  # fmt: skip


def _nppes(seed: int, geography: Geography, people: People) -> pd.DataFrame:
    rng = stream(seed, "nppes")
    who = people.providers
    size = len(who)
    place = geography.zips.iloc[who.later_zip].reset_index(drop=True)
    enumerated = np.where(who.started > -200, month_start(who.started.to_numpy() - 3), np.datetime64("2006-08-01"))
    enumerated = enumerated.astype("datetime64[D]") + rng.integers(0, 27, size=size)
    updated = np.maximum(enumerated, np.datetime64("2019-01-01") + rng.integers(0, 2600, size=size))
    persons = pd.DataFrame({
        "NPI": who.npi, "Entity Type Code": "1", "Provider Last Name (Legal Name)": who["last"].str.upper(),
        "Provider First Name": who["first"].str.upper(), "Provider Middle Name": who.middle,
        "Provider Credential Text": who.credential, "Provider Other Last Name": who.maiden.str.upper(),
        "Provider Other Last Name Type Code": np.where(who.maiden.notna(), "1", None), "Provider Sex Code": who.gender,
        "Provider Enumeration Date": us_dates(enumerated), "Last Update Date": us_dates(updated),
        "Healthcare Provider Taxonomy Code_1": who.taxonomy, "Provider License Number_1": numbered("", who.enrolment.to_numpy(), 6),
        "Provider License Number State Code_1": place.state, "Healthcare Provider Primary Taxonomy Switch_1": "Y",
        "Is Sole Proprietor": "N", "Certification Date": us_dates(updated),
    })  # fmt: skip
    two = rng.random(size) < 0.08  # the primary taxonomy stands second
    persons["Healthcare Provider Taxonomy Code_2"] = np.where(two, who.taxonomy, None)
    persons.loc[two, "Healthcare Provider Taxonomy Code_1"] = "390200000X"
    persons["Healthcare Provider Primary Taxonomy Switch_2"] = np.where(two, "Y", None)
    persons.loc[two, "Healthcare Provider Primary Taxonomy Switch_1"] = "N"
    returned = rng.random(size) < 0.01
    away = np.maximum(enumerated + 200, np.datetime64("2012-03-01"))
    persons["NPI Deactivation Date"] = np.where(returned, us_dates(away), None)
    persons["NPI Reactivation Date"] = np.where(returned, us_dates(away + 90), None)
    _address(persons, place, who.street, who.phone, rng)
    gone = pd.DataFrame({"NPI": make_npis(stream(seed, "deactivated"), max(3, size // 40))})
    gone = gone[~gone.NPI.isin(who.npi)]
    gone["NPI Deactivation Date"] = us_dates(np.datetime64("2010-01-01") + rng.integers(0, 5900, size=len(gone)))
    return pd.concat([persons, _organisations(people, rng), gone], ignore_index=True).astype(object)


def _organisations(people: People, rng: np.random.Generator) -> pd.DataFrame:
    site = people.facilities
    tables = []
    for npi, name, code in ((site.npi, site["name"], np.where(site.is_hospital, "282N00000X", "261QA1903X")),
                            (site.practice_npi, site.practice, "207X00000X")):  # fmt: skip
        table = pd.DataFrame({
            "NPI": npi, "Entity Type Code": "2", "Provider Organization Name (Legal Business Name)": name.str.upper(),
            "Provider Enumeration Date": "06/14/2006", "Last Update Date": "03/02/2021",
            "Authorized Official Last Name": "RECORDS", "Authorized Official First Name": "PAT",
            "Healthcare Provider Taxonomy Code_1": code, "Healthcare Provider Primary Taxonomy Switch_1": "Y",
            "Is Organization Subpart": "N",
        })  # fmt: skip
        _address(table, site, site.street, site.phone, rng)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _address(
    table: pd.DataFrame, place: pd.DataFrame, street: pd.Series, phone: pd.Series, rng: np.random.Generator
) -> None:
    nine = place.zip5.to_numpy(dtype=object) + numbered("", rng.integers(1, 9999, size=len(place)), 4)
    for kind, line in ((_MAILING, "Mailing"), (_PRACTICE, "Practice Location")):
        table[f"Provider First Line Business {line} Address"] = street.str.upper().to_numpy()
        table[f"{kind} City Name"] = place.city.str.upper().to_numpy()
        table[f"{kind} State Name"] = place.state.to_numpy()
        table[f"{kind} Postal Code"] = nine
        table[f"{kind} Country Code (If outside U.S.)"] = "US"
        table[f"{kind} Telephone Number"] = phone.to_numpy()


def _doctors(seed: int, geography: Geography, people: People) -> pd.DataFrame:
    """One row a practice address: the main one, and a second for those who work at two sites."""
    rng = stream(seed, "doctors")
    who = people.providers.reset_index(names="row")
    both = pd.concat([who.assign(site_row=who.later_site, is_main=True),
                      who[who.second_site >= 0].assign(site_row=who.second_site[who.second_site >= 0], is_main=False)])  # fmt: skip
    both = both[rng.random(len(both)) < 0.93].sort_values(["row", "is_main"], kind="stable").reset_index(drop=True)
    site = people.facilities.iloc[both.site_row].reset_index(drop=True)
    home = geography.zips.iloc[both.later_zip].reset_index(drop=True)
    return pd.DataFrame({
        "NPI": both.npi, "Ind_PAC_ID": both.pac_id.astype(str), "Ind_enrl_ID": numbered("I2013", both.enrolment.to_numpy(), 10),
        "Provider Last Name": both["last"].str.upper(), "Provider First Name": both["first"].str.upper(),
        "Provider Middle Name": both.middle, "gndr": both.gender, "Cred": both.credential.str.replace(".", ""), "Med_sch": "OTHER",
        "Grd_yr": (1995 + both.pac_id % 22).astype(str), "pri_spec": both.specialty.str.upper(), "Telehlth": "N",
        "Facility Name": site.practice.str.upper(), "org_pac_id": numbered("9", both.site_row.to_numpy(), 9),
        "num_org_mem": "24", "adr_ln_1": np.where(both.is_main, both.street, site.street),
        "City/Town": np.where(both.is_main, home.city, site.city), "State": np.where(both.is_main, home.state, site.state),
        "ZIP Code": np.where(both.is_main, home.zip5, site.zip5), "Telephone Number": both.phone, "ind_assgn": "Y",
        "grp_assgn": "Y", "adrs_id": np.where(both.is_main, home.state, site.state),
    })  # fmt: skip


def _affiliations(people: People, day: date) -> pd.DataFrame:
    """Hospitals of each surgeon and physician as the snapshot saw them: movers stand at their new site afterwards."""
    who = people.providers
    month = int(month_number(np.datetime64(day)))
    rows = np.flatnonzero(who.started < month - 2)
    first = site_in_month(who, rows, np.full(len(rows), month - 2))
    pairs = pd.DataFrame(
        {"row": np.concatenate([rows, rows]), "site": np.concatenate([first, who.second_site.to_numpy()[rows]])}
    )
    pairs = pairs[(pairs.site >= 0) & people.facilities.is_hospital.to_numpy()[pairs.site]].drop_duplicates()
    pairs = pairs.sort_values(["row", "site"], kind="stable")
    person = who.iloc[pairs.row].reset_index(drop=True)
    return pd.DataFrame({
        "NPI": person.npi, "Ind_PAC_ID": person.pac_id.astype(str), "Provider Last Name": person["last"].str.upper(),
        "Provider First Name": person["first"].str.upper(), "Provider Middle Name": person.middle, "facility_type": "Hospital",
        "Facility Affiliations Certification Number": people.facilities.ccn.to_numpy()[pairs.site],
    })  # fmt: skip


def _hospitals(seed: int, hospitals: pd.DataFrame) -> pd.DataFrame:
    rng = stream(seed, "hospital ratings")
    return pd.DataFrame({
        "Facility ID": hospitals.ccn, "Facility Name": hospitals["name"].str.upper(), "Address": hospitals.street.str.upper(),
        "City/Town": hospitals.city.str.upper(), "State": hospitals.state, "ZIP Code": hospitals.zip5,
        "County/Parish": hospitals.city.str.upper(), "Telephone Number": hospitals.phone, "Hospital Type": "Acute Care Hospitals",
        "Hospital Ownership": weighted(rng, ["Voluntary non-profit - Private", "Proprietary", "Government - Local"], [7, 2, 1],
                                       len(hospitals)),
        "Emergency Services": "Yes", "Hospital overall rating": weighted(rng, ["1", "2", "3", "4", "5", "Not Available"],
                                                                         [1, 3, 5, 5, 3, 1], len(hospitals)),
    })  # fmt: skip


def _shared_patients(people: People, behaviour: Behaviour) -> pd.DataFrame:
    edges = behaviour.edges[behaviour.edges.patients >= 11]
    npi = people.providers.npi.to_numpy()
    patients = edges.patients.to_numpy()

    def padded(values: np.ndarray) -> np.ndarray:
        return np.array([f"{v:<10}" for v in values], dtype=object)

    return pd.DataFrame({
        "one": npi[edges.one], "other": npi[edges.other], "transactions": padded(patients * 2 + edges.one.to_numpy() % 7),
        "patients": padded(patients), "same_day": padded(patients // 4),
    })  # fmt: skip
