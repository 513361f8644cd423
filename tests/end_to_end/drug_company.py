"""The sample's landing zone as a drug company would keep it: a drug by its names, indications by ICD-10, orders of that drug.

Belongs here: the company's configuration, and its family's name in the CRM. Not here: any expectation.
"""

from pathlib import Path

DRUG = "clot_prevention"
FAMILIES = f"""procedure_family,code_system,code,is_focus,revenue_per_procedure_usd
{DRUG},GENERIC-NAME,apixaban,true,590
{DRUG},GENERIC-NAME,Xarelto,true,590
{DRUG},ICD-10-CM,Z79.01,true,
degenerative,ICD-10-CM,M16,false,
degenerative,ICD-10-CM,M17,false,
inflammatory,ICD-10-CM,M05,false,
inflammatory,ICD-10-CM,M06.9,false,
"""


def as_drug_company(landing: Path) -> None:
    """The same world; what was booked for the sample's implants is booked for the drug."""
    (landing / "company" / "procedure_families.csv").write_text(FAMILIES, encoding="utf-8")
    for file in (landing / "crm" / "salesforce").glob("*.csv"):
        booked = file.read_bytes()
        for implant in (b"hip_replacement", b"knee_replacement"):
            booked = booked.replace(implant, DRUG.encode())
        file.write_bytes(booked)
