"""What the people of a simulated register do, and in which words a CRM says so.

Belongs here: specialties, their taxonomy codes and how sales representatives write them. Not here: who does what (`world`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    taxonomy: str
    written: tuple[str, ...]


Trades = dict[str, Trade]

MIXED: Trades = {
    "Orthopaedic Surgery": Trade(
        "207X00000X", ("Orthopedics", "Ortho Surgery", "Orthopaedic Surgery", "Sports Medicine")
    ),
    "Internal Medicine": Trade("207R00000X", ("Internal Medicine", "IM", "Hospitalist")),
    "Cardiovascular Disease": Trade(
        "207RC0000X", ("Cardiology", "Cardiovascular", "Cardiovascular Disease (Cardiology)")
    ),
    "Dermatology": Trade("207N00000X", ("Dermatology", "Derm")),
    "Family Medicine": Trade("207Q00000X", ("Family Practice", "Family Medicine", "GP")),
    "Neurology": Trade("2084N0400X", ("Neurology", "Neuro")),
}
# One field, whose trades share words and where a word of the team says little of the person.
ONCOLOGY: Trades = {
    "Hematology & Oncology": Trade("207RH0003X", ("Hem/Onc", "Hematology Oncology", "Oncologist")),
    "Medical Oncology": Trade("207RX0202X", ("Med Onc", "Medical Oncology", "Oncology")),
    "Radiation Oncology": Trade("2085R0001X", ("Rad Onc", "Radiation Oncology", "XRT")),
    "Surgical Oncology": Trade("2086X0206X", ("Surg Onc", "Surgical Oncology", "Breast Surgery")),
    "Nurse Practitioner": Trade("363L00000X", ("NP", "ARNP", "Nurse Practitioner")),
    "Physician Assistant": Trade("363A00000X", ("PA-C", "Physician Assistant", "APP")),
}
