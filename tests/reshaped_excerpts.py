"""Excerpts in layouts that no border reads, said again in those that it reads; a value is never changed.

Belongs here: which of their columns is which of ours. Not here: what must come out.

- SynPUF's stays and services and the RIF's carrier line become lines of `medical_claim`.
- Fivetran's copies of Salesforce's objects get back the names of the API (`close_date`: `CloseDate`).
- Maven's sales pipeline becomes deals and companies of HubSpot.
"""

import csv
import io
from datetime import datetime
from pathlib import Path

from tests.end_to_end.recounted import has_check_digit

CLAIM_COLUMNS = [
    "claim_id", "claim_line_number", "claim_type", "person_id", "claim_start_date", "claim_line_start_date", "ms_drg_code",
    "hcpcs_code", "hcpcs_modifier_1", "service_unit_quantity", "rendering_npi", *(f"diagnosis_code_{at}" for at in range(1, 11)),
    "paid_amount", "data_source",
]  # fmt: skip
FIVETRAN = {
    name: f"sf_{name}_data.csv" for name in ("account", "contact", "user", "event", "task", "opportunity", "order")
}
# Maven's stages by the words that HubSpot has for the last two.
DEAL_STAGES = {"Won": "Closed Won", "Lost": "Closed Lost"}


def rows_of(path: Path, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=separator))


def may_be_an_npi(text: str) -> bool:
    """Blank, or ten digits of which the first is 1 or 2 and the last the check digit."""
    return has_check_digit(text) and text[:1] in ("", "1", "2")


def claim_lines(shared_data: Path) -> list[dict[str, str]]:
    """Every stay of SynPUF's inpatient file, every line of its carrier file and of the RIF's."""
    synpuf = shared_data / "synpuf"
    return [
        *(_stay(row) for row in rows_of(synpuf / "DE1_0_2008_to_2010_Inpatient_Claims_Sample_1.csv")),
        *(
            _carrier_line(row, at)
            for row in rows_of(synpuf / "DE1_0_2008_to_2010_Carrier_Claims_Sample_0A_tiny.csv")
            for at in range(1, 14)
            if row[f"HCPCS_CD_{at}"]
        ),
        *(_rif_line(row) for row in rows_of(shared_data / "cms_bfd_rif_synthetic" / "sample-a-bcarrier.txt", "|")),
    ]


def write_claims(shared_data: Path, path: Path) -> None:
    lines = claim_lines(shared_data)
    write(path, [CLAIM_COLUMNS, *([line.get(column, "") for column in CLAIM_COLUMNS] for line in lines)])


def _stay(row: dict[str, str]) -> dict[str, str]:
    return {
        "claim_id": row["CLM_ID"], "claim_line_number": row["SEGMENT"], "claim_type": "institutional", "person_id": row["DESYNPUF_ID"],
        "claim_start_date": _day(row["CLM_FROM_DT"]), "ms_drg_code": row["CLM_DRG_CD"], "rendering_npi": row["AT_PHYSN_NPI"],
        "paid_amount": row["CLM_PMT_AMT"], "data_source": "synpuf", **_diagnoses(row, "ICD9_DGNS_CD_", 10),
    }  # fmt: skip


def _carrier_line(row: dict[str, str], at: int) -> dict[str, str]:
    return {
        "claim_id": row["CLM_ID"], "claim_line_number": str(at), "claim_type": "professional", "person_id": row["DESYNPUF_ID"],
        "claim_start_date": _day(row["CLM_FROM_DT"]), "hcpcs_code": row[f"HCPCS_CD_{at}"], "rendering_npi": row[f"PRF_PHYSN_NPI_{at}"],
        "paid_amount": row[f"LINE_NCH_PMT_AMT_{at}"], "data_source": "synpuf", **_diagnoses(row, "ICD9_DGNS_CD_", 8),
    }  # fmt: skip


def _rif_line(row: dict[str, str]) -> dict[str, str]:
    day = datetime.strptime(row["LINE_1ST_EXPNS_DT"], "%d-%b-%Y").date().isoformat()
    return {
        "claim_id": row["CLM_ID"], "claim_line_number": row["LINE_NUM"], "claim_type": "professional", "person_id": row["BENE_ID"],
        "claim_start_date": day, "claim_line_start_date": day, "hcpcs_code": row["HCPCS_CD"], "hcpcs_modifier_1": row["HCPCS_1ST_MDFR_CD"],
        "service_unit_quantity": row["LINE_SRVC_CNT"], "rendering_npi": row["PRF_PHYSN_NPI"], "paid_amount": row["LINE_NCH_PMT_AMT"],
        "data_source": "rif", **_diagnoses(row, "ICD_DGNS_CD", 10),
    }  # fmt: skip


def _diagnoses(row: dict[str, str], stem: str, count: int) -> dict[str, str]:
    return {f"diagnosis_code_{at}": row[f"{stem}{at}"] for at in range(1, count + 1)}


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if text else ""


def write_salesforce(shared_data: Path, folder: Path) -> None:
    """Fivetran's files under the API's names, each beside an export of the same object that may be there already."""
    for name, file in FIVETRAN.items():
        with open(shared_data / "crm_salesforce_fivetran" / file, newline="", encoding="utf-8-sig") as source:
            header, *rows = csv.reader(source)
        names = [_api_name(column) for column in header]
        write(folder / f"Fivetran_{name.capitalize()}.csv", [names, *rows])


def _api_name(column: str) -> str:
    """`close_date`: `CloseDate`; `referral_account_c`: `Referral_Account__c`; Fivetran's own columns as they are."""
    if column.startswith("_"):
        return column
    words = [word.capitalize() for word in column.removesuffix("_c").split("_")]
    return "_".join(words) + "__c" if column.endswith("_c") else "".join(words)


def write_hubspot(shared_data: Path, folder: Path) -> None:
    """Maven's opportunities and accounts; an account has no number, so its name is one."""
    deals = rows_of(shared_data / "crm_maven" / "sales_pipeline.csv")
    header = ["Record ID", "Deal Name", "Deal Stage", "Amount", "Deal owner", "Associated Company IDs", "Close Date", "Create Date"]  # fmt: skip
    table = [
        [row["opportunity_id"], row["product"], DEAL_STAGES.get(row["deal_stage"], row["deal_stage"]), row["close_value"],
         row["sales_agent"], row["account"], row["close_date"], row["engage_date"]]
        for row in deals
    ]  # fmt: skip
    write(folder / "deals.csv", [header, *table])
    names = [row["account"] for row in rows_of(shared_data / "crm_maven" / "accounts.csv")]
    write(folder / "companies.csv", [["Record ID", "Company name"], *([name, name] for name in names)])


def write(path: Path, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
