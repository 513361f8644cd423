"""The 330 columns of the NPPES full replacement file, in file order.

A module of its own for its length; the other layouts are in layouts.py.
"""

_PERSON = ("Last Name", "First Name", "Middle Name", "Name Prefix Text", "Name Suffix Text", "Credential Text")
_ABROAD = "Country Code (If outside U.S.)"


def _address(kind: str) -> list[str]:
    return [
        f"Provider First Line Business {kind} Address", f"Provider Second Line Business {kind} Address",
        *(f"Provider Business {kind} Address {part}"
          for part in ("City Name", "State Name", "Postal Code", _ABROAD, "Telephone Number", "Fax Number")),
    ]  # fmt: skip


def _taxonomy(number: int) -> list[str]:
    return [
        f"Healthcare Provider Taxonomy Code_{number}", f"Provider License Number_{number}",
        f"Provider License Number State Code_{number}", f"Healthcare Provider Primary Taxonomy Switch_{number}",
    ]  # fmt: skip


def _other_identifier(number: int) -> list[str]:
    stem = "Other Provider Identifier"
    return [f"{stem}_{number}", f"{stem} Type Code_{number}", f"{stem} State_{number}", f"{stem} Issuer_{number}"]


NPPES = [
    "NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)",
    "Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)",
    *(f"Provider {part}" for part in _PERSON[1:]),
    "Provider Other Organization Name", "Provider Other Organization Name Type Code",
    *(f"Provider Other {part}" for part in _PERSON), "Provider Other Last Name Type Code",
    *_address("Mailing"), *_address("Practice Location"),
    "Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code", "NPI Deactivation Date",
    "NPI Reactivation Date", "Provider Sex Code",
    *(f"Authorized Official {part}"
      for part in ("Last Name", "First Name", "Middle Name", "Title or Position", "Telephone Number")),
    *(column for number in range(1, 16) for column in _taxonomy(number)),
    *(column for number in range(1, 51) for column in _other_identifier(number)),
    "Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN", "Parent Organization TIN",
    *(f"Authorized Official {part}" for part in ("Name Prefix Text", "Name Suffix Text", "Credential Text")),
    *(f"Healthcare Provider Taxonomy Group_{number}" for number in range(1, 16)),
    "Certification Date",
]  # fmt: skip
