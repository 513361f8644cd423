"""Real names, trades and places: rows that have an NPI lose it, become contacts of a CRM, and must find it again by themselves.

The register is the excerpt of NPPES as it is, and beside it every second clinician of an excerpt of Doctors and Clinicians at the
first of the practice addresses given there; the contacts are what that list says of the same people, at their last address, and of
people whom the register does not hold.
"""

import csv
from pathlib import Path

import pytest

from tests.linkage import linked as linkage
from tests.linkage import world as simulated

SHARED = Path(__file__).parents[3] / "shared" / "data"
NPPES = SHARED / "nppes" / "nppes_sample_330col_a.csv"
CLINICIANS = SHARED / "nppes_dac_join" / "dac_subset_clean_sample.csv"
STRANGERS = 400

pytestmark = pytest.mark.skipif(
    not (NPPES.exists() and CLINICIANS.exists()), reason="the real excerpts are not on this machine"
)


def read(path: Path) -> list[dict]:
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def registered(row: dict) -> dict:
    return {
        "NPI": row["NPI"], "Entity Type Code": "1", "Provider Last Name (Legal Name)": row["Provider Last Name"],
        "Provider First Name": row["Provider First Name"], "Provider Middle Name": row["Provider Middle Name"],
        "Provider Business Practice Location Address City Name": row["City/Town"],
        "Provider Business Practice Location Address State Name": row["State"],
        "Provider Business Practice Location Address Postal Code": row["ZIP Code"],
        "Provider Enumeration Date": "05/23/2006",
    }  # fmt: skip


def contact(number: int, row: dict) -> dict:
    return {
        "Id": f"003A{number:011d}", "AccountId": "", "FirstName": row["Provider First Name"].title(), "LastName": row["Provider Last Name"].title(),
        "NPI__c": "", "Specialty__c": row["pri_spec"].title(), "Stakeholder_Role__c": "User", "MailingCity": row["City/Town"].title(),
        "MailingState": row["State"], "MailingPostalCode": row["ZIP Code"], "CreatedDate": "2021-01-01T00:00:00.000Z",
    }  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> linkage.Linked:
    home = tmp_path_factory.mktemp("real")
    registry = read(NPPES)
    known = {row["NPI"].removesuffix(".0") for row in registry}
    first, last = {}, {}
    for row in read(CLINICIANS):
        first.setdefault(row["NPI"], row)
        last[row["NPI"]] = row
    others = sorted(set(first) - known)
    held, strangers = others[::2], others[1::2][:STRANGERS]
    moved = [npi for npi in held if first[npi]["ZIP Code"] != last[npi]["ZIP Code"]]
    simulated.write_rows(
        home / "landing" / "registry" / "npidata_pfile_20050523-20250608.csv",
        registry + [registered(first[npi]) for npi in held],
    )
    world, rows = simulated.World(), []
    for number, npi in enumerate(dict.fromkeys([*sorted(known & set(first)), *held[:600], *moved, *strangers])):
        rows.append(contact(number, last[npi]))
        world.truth[rows[-1]["Id"]] = None if npi in strangers else npi
    simulated.write_rows(home / "landing" / "crm" / "salesforce" / "Contact.csv", rows)
    return linkage.link(home, world)


def test_real_contacts_find_their_npi_again(found):
    assert found.precision >= 0.99
    assert found.recall >= 0.95
