"""Column names of the research and ownership files of Open Payments, in file order.

A module of its own for its length; the other layouts are in layouts.py.
"""

from sample_world.layouts import HOSPITAL, RECIPIENT_PLACE, products

MAKER = "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment"
INVESTIGATORS = range(1, 6)
_MAKER = [
    "Submitting_Applicable_Manufacturer_or_Applicable_GPO_Name",
    *(f"{MAKER}_{part}" for part in ("ID", "Name", "State", "Country")),
]
_NAME = ("First_Name", "Middle_Name", "Last_Name", "Name_Suffix")
_PLACE = ("Business_Street_Address_Line1", "Business_Street_Address_Line2", "City", "State", "Zip_Code", "Country",
          "Province", "Postal_Code")  # fmt: skip
_STUDY = [
    "Total_Amount_of_Payment_USDollars", "Date_of_Payment", "Form_of_Payment_or_Transfer_of_Value",
    *(f"Expenditure_Category{n}" for n in range(1, 7)), "Preclinical_Research_Indicator", "Delay_in_Publication_Indicator",
    "Name_of_Study", "Dispute_Status_for_Publication", "Record_ID", "Program_Year", "Payment_Publication_Date",
    "ClinicalTrials_Gov_Identifier", "Research_Information_Link", "Context_of_Research",
]  # fmt: skip


def _licences(of: str) -> list[str]:
    return [f"{of}_License_State_code{n}" for n in range(1, 6)]


def _of_old(place: int) -> list[str]:
    of = f"Principal_Investigator_{place}"
    parts = ("Profile_ID", *_NAME, *_PLACE, "Primary_Type", "Specialty")
    return [*(f"{of}_{part}" for part in parts), *_licences(of)]


def _of_2021(place: int) -> list[str]:
    of = f"Principal_Investigator_{place}"
    kinds = [f"{kind}_{n}" for kind in ("Primary_Type", "Specialty") for n in range(1, 7)]
    parts = ("Covered_Recipient_Type", "Profile_ID", "NPI", *_NAME, *_PLACE, *kinds)
    return [*(f"{of}_{part}" for part in parts), *_licences(of)]


_RECIPIENT = [*HOSPITAL[:2], "Noncovered_Recipient_Entity_Name", *HOSPITAL[2:]]
RESEARCH_2013 = [
    *_RECIPIENT, "Physician_Profile_ID", *(f"Physician_{part}" for part in _NAME), *RECIPIENT_PLACE, "Physician_Primary_Type",
    "Physician_Specialty", *_licences("Physician"), *(c for place in INVESTIGATORS for c in _of_old(place)), *_MAKER,
    "Product_Indicator", *(f"Name_of_Associated_Covered_Drug_or_Biological{n}" for n in range(1, 6)),
    *(f"NDC_of_Associated_Covered_Drug_or_Biological{n}" for n in range(1, 6)),
    *(f"Name_of_Associated_Covered_Device_or_Medical_Supply{n}" for n in range(1, 6)), *_STUDY,
]  # fmt: skip
RESEARCH_2021 = [
    *_RECIPIENT, "Covered_Recipient_Profile_ID", "Covered_Recipient_NPI", *(f"Covered_Recipient_{part}" for part in _NAME),
    *RECIPIENT_PLACE, *(f"Covered_Recipient_Primary_Type_{n}" for n in range(1, 7)),
    *(f"Covered_Recipient_Specialty_{n}" for n in range(1, 7)), *_licences("Covered_Recipient"),
    *(c for place in INVESTIGATORS for c in _of_2021(place)), *_MAKER, "Related_Product_Indicator",
    *(c for n in range(1, 6) for c in products(n, True)), *_STUDY,
]  # fmt: skip
OWNERSHIP_2021 = [
    "Change_Type", "Physician_Profile_ID", "Physician_NPI", *(f"Physician_{part}" for part in _NAME), *RECIPIENT_PLACE,
    "Physician_Primary_Type", "Physician_Specialty", "Record_ID", "Program_Year", "Total_Amount_Invested_USDollars",
    "Value_of_Interest", "Terms_of_Interest", *_MAKER, "Dispute_Status_for_Publication",
    "Interest_Held_by_Physician_or_an_Immediate_Family_Member", "Payment_Publication_Date",
]  # fmt: skip
OWNERSHIP_2013 = [column for column in OWNERSHIP_2021 if column != "Physician_NPI"]
