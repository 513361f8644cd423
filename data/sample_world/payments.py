"""Open Payments: general payments of every maker, in the NPI-less layout to 2020 and the current one after.

A competitor's payments follow its hold on the surgeon; ours follow acquaintance and come with custom.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world import layouts
from sample_world.behaviour import NEVER, Behaviour
from sample_world.clock import month_number
from sample_world.company import OPEN_PAYMENTS_NAMES, OWN
from sample_world.dirt import spoil
from sample_world.files import us_dates, write_csv
from sample_world.geography import Geography
from sample_world.people import People
from sample_world.streams import stream, weighted

RELEASES = {
    2018: ["06302019"], 2019: ["06302020"], 2020: ["06302021"], 2021: ["06302022"], 2022: ["06302023"], 2023: ["06302024"],
    2024: ["06302025", "01302026"], 2025: ["06302026"],
}  # fmt: skip
_NATURES = {
    "Food and Beverage": (0.72, 3.0), "Travel and Lodging": (0.10, 5.6), "Consulting Fee": (0.06, 7.9), "Education": (0.06, 4.0),
    "Compensation for services other than consulting, including serving as faculty or as a speaker at a venue other than a "
    "continuing education program": (0.04, 7.6),
    "Royalty or License": (0.02, 9.4),
}  # fmt: skip
_MAKERS = list(OPEN_PAYMENTS_NAMES)


def write_payments(seed: int, geography: Geography, people: People, behaviour: Behaviour, folder: Path) -> int:
    """Write all program years, each release, and the profile supplement."""
    rows = 0
    for year, releases in RELEASES.items():
        table = _year(seed, geography, people, behaviour, year)
        for number, release in enumerate(releases):
            rows += _write_release(seed, folder, table, year, release, is_first_of_two=number + 1 < len(releases))
    write_csv(
        folder / "OP_CVRD_RCPNT_PRFL_SPLMTL_P06302026.csv", _supplement(geography, people), layouts.PROFILE_SUPPLEMENT
    )
    return rows


def _write_release(seed: int, folder: Path, table: pd.DataFrame, year: int, release: str, is_first_of_two: bool) -> int:
    published = f"{release[:2]}/{release[2:4]}/{release[4:]}"
    table = table.assign(Program_Year=str(year), Payment_Publication_Date=published)
    if is_first_of_two:  # amounts that the later release corrects, and rows that it adds
        rng = stream(seed, "payments", release)
        table = table[rng.random(len(table)) < 0.97].reset_index(drop=True)
        wrong = rng.random(len(table)) < 0.02
        table.loc[wrong, "Total_Amount_of_Payment_USDollars"] *= 1.5
    amount = "Total_Amount_of_Payment_USDollars"
    table[amount] = table[amount].round(2)
    table = spoil(seed, f"payments {release}", table, number=amount, negative=amount, conflict=amount, day="Date_of_Payment",
                  npi="Covered_Recipient_NPI" if year > 2020 else None, share=0.001)  # fmt: skip
    path = folder / f"OP_DTL_GNRL_PGYR{year}_P{release}.csv"
    if year > 2020:
        return write_csv(path, table, layouts.GENERAL_2021, encoding="utf-8-sig" if year == 2022 else "utf-8")
    return write_csv(path, table.rename(columns=layouts.RENAMED_TO_2016), layouts.GENERAL_2016)


def _year(seed: int, geography: Geography, people: People, behaviour: Behaviour, year: int) -> pd.DataFrame:
    rng = stream(seed, "payments", year)
    size = len(people.providers)
    is_working = people.providers.started.to_numpy() < (year - 2023) * 12
    is_surgeon = people.providers.kind.isin(["orthopedic", "reconstruction", "sports"]).to_numpy()
    provider, maker = _recipients(rng, behaviour, is_working & is_surgeon, year)
    is_covered = is_working & (people.providers.kind.isin(["assistant", "nurse"]).to_numpy() <= (year > 2020))
    extra = np.flatnonzero(is_covered & (rng.random(size) < 0.15))
    provider = np.concatenate([provider, extra])
    maker = np.concatenate([maker, 7 + rng.integers(0, 2, size=len(extra))])
    order = np.lexsort((maker, provider))
    provider, maker = provider[order], maker[order]
    count = len(provider)
    names = list(_NATURES)
    nature = rng.choice(len(names), size=count, p=[_NATURES[n][0] for n in names])
    amount = np.exp(rng.normal(np.array([_NATURES[n][1] for n in names])[nature], 0.7))
    day = np.datetime64(f"{year}-01-01") + rng.integers(0, 365, size=count)
    who = people.providers.iloc[provider].reset_index(drop=True)
    moved = who.moved_in.to_numpy() <= month_number(day)
    place = geography.zips.iloc[np.where(moved, who.later_zip, who.zip_row)].reset_index(drop=True)
    name = np.asarray(_MAKERS, dtype=object)[maker]
    is_physician = ~who.kind.isin(["assistant", "nurse"])
    table = pd.DataFrame({
        "Change_Type": weighted(rng, ["UNCHANGED", "NEW", "CHANGED", "DELETED"], [90, 8, 1.5, 0.5], count),
        "Covered_Recipient_Type": np.where(is_physician, "Covered Recipient Physician",
                                           "Covered Recipient Non-Physician Practitioner"),
        "Covered_Recipient_Profile_ID": who.profile_id.astype(str), "Covered_Recipient_NPI": who.npi,
        "Covered_Recipient_First_Name": who["first"].str.upper(), "Covered_Recipient_Middle_Name": who.middle,
        "Covered_Recipient_Last_Name": who["last"].str.upper(),
        "Recipient_Primary_Business_Street_Address_Line1": who.street, "Recipient_City": place.city,
        "Recipient_State": place.state, "Recipient_Zip_Code": place.zip5 + np.where(provider % 3 == 0, "-1200", ""),
        "Recipient_Country": "United States", "Covered_Recipient_Primary_Type_1": "Medical Doctor",
        "Covered_Recipient_Specialty_1": "Allopathic & Osteopathic Physicians|" + who.specialty,
        "Covered_Recipient_License_State_code1": place.state,
        "Submitting_Applicable_Manufacturer_or_Applicable_GPO_Name": name,
        "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_ID": (100000010000 + maker).astype(str),
        "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name": name,
        "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_State": "IN",
        "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Country": "United States",
        "Total_Amount_of_Payment_USDollars": np.round(amount, 2), "Date_of_Payment": us_dates(day),
        "Number_of_Payments_Included_in_Total_Amount": "1", "Form_of_Payment_or_Transfer_of_Value": "In-kind items and services",
        "Nature_of_Payment_or_Transfer_of_Value": np.asarray(names, dtype=object)[nature],
        "Physician_Ownership_Indicator": "No", "Third_Party_Payment_Recipient_Indicator": "No Third Party Payment",
        "Contextual_Information": np.where(rng.random(count) < 0.01, 'Dinner, "joint" session\nwith faculty', None),
        "Delay_in_Publication_Indicator": "No", "Record_ID": (year * 1_000_000 + np.arange(count)).astype(str),
        "Dispute_Status_for_Publication": np.where(rng.random(count) < 0.006, "Yes", "No"), "Related_Product_Indicator": "Yes",
        "Covered_or_Noncovered_Indicator_1": "Covered",
        "Indicate_Drug_or_Biological_or_Device_or_Medical_Supply_1": "Device",
        "Product_Category_or_Therapeutic_Area_1": np.where(maker % 2 == 0, "HIPS", "KNEES"),
        "Name_of_Drug_or_Biological_or_Device_or_Medical_Supply_1": np.where(maker % 2 == 0, "Primary hip", "Primary knee"),
    })  # fmt: skip
    return _with_teaching_hospitals(rng, people, table)


def _with_teaching_hospitals(rng: np.random.Generator, people: People, table: pd.DataFrame) -> pd.DataFrame:
    """One payment in a hundred goes to a hospital: a CCN, and neither profile, name nor NPI."""
    hospitals = people.facilities[people.facilities.is_hospital]
    rows = np.flatnonzero(rng.random(len(table)) < 0.01)
    chosen = hospitals.iloc[rng.integers(0, len(hospitals), size=len(rows))]
    table.loc[rows, [c for c in table.columns if c.startswith("Covered_Recipient_")]] = None
    table.loc[rows, "Covered_Recipient_Type"] = "Covered Recipient Teaching Hospital"
    for column, source in (("Teaching_Hospital_CCN", "ccn"), ("Teaching_Hospital_Name", "name")):
        table[column] = pd.Series(None, index=table.index, dtype=object)
        table.loc[rows, column] = chosen[source].to_numpy()
    return table


def _recipients(
    rng: np.random.Generator, behaviour: Behaviour, paid: np.ndarray, year: int
) -> tuple[np.ndarray, np.ndarray]:
    """Provider and maker of each payment of surgeons: the rival that holds them, others at random, and ourselves."""
    size = len(paid)
    rival_names = np.array([2, 4, 5, 6])
    held = rng.poisson(paid * behaviour.lock_in * 12)
    others = rng.poisson(paid * 0.8)
    is_customer = (behaviour.adopted_in != NEVER) & (behaviour.adopted_in < (year - 2023) * 12)
    ours = rng.poisson(paid * np.where(is_customer, 2.5, 0.35) * np.exp(0.5 * behaviour.acquaintance))
    provider = np.concatenate([np.repeat(np.arange(size), n) for n in (held, others, ours)])
    maker = np.concatenate([
        np.repeat(rival_names[behaviour.rival], held), rival_names[rng.integers(0, 4, size=others.sum())],
        rng.integers(0, sum(m == OWN for m, _ in OPEN_PAYMENTS_NAMES.values()), size=ours.sum()),
    ])  # fmt: skip
    maker = np.where((maker == 2) & (rng.random(len(maker)) < 0.4), 3, maker)
    return provider, maker


def _supplement(geography: Geography, people: People) -> pd.DataFrame:
    who = people.providers
    place = geography.zips.iloc[who.later_zip].reset_index(drop=True)
    stem = "Covered_Recipient_Profile"
    return pd.DataFrame({
        f"{stem}_Type": np.where(who.kind.isin(["assistant", "nurse"]), "Covered Recipient Non-Physician Practitioner",
                                 "Covered Recipient Physician"),
        f"{stem}_ID": who.profile_id.astype(str), "Covered_Recipient_NPI": who.npi, f"{stem}_First_Name": who["first"].str.upper(),
        f"{stem}_Middle_Name": who.middle, f"{stem}_Last_Name": who["last"].str.upper(),
        f"{stem}_Alternate_Last_Name": who.maiden, f"{stem}_Address_Line_1": who.street, f"{stem}_City": place.city,
        f"{stem}_State": place.state, f"{stem}_Zipcode": place.zip5, f"{stem}_Country_Name": "UNITED STATES",
        f"{stem}_Primary_Specialty": who.specialty, f"{stem}_OPS_Taxonomy_1": who.taxonomy,
        f"{stem}_License_State_Code_1": place.state,
    })[lambda t: t.index % 25 != 3]  # fmt: skip
