"""A small landing zone and lake to try the border on. Not here: any expectation."""

import csv
import io
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dagster_project.ingest.border import SourceResult, ingest, write_border_tables
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.contract import Source

LONG_AGO = 1_700_000_000
TONIGHT = date(2026, 6, 30)


class Border:
    """Puts files into a landing zone, takes them over the border, asks the lake."""

    def __init__(self, home: Path) -> None:
        self.landing, self.lake = home / "landing", home / "lake"
        self.landing.mkdir()
        self.clock = LONG_AGO

    def put(self, name: str, content: bytes | str | Iterable[list[str]]) -> Path:
        """Writes a file whose time of change lies in the past and differs from that of every other one."""
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, bytes | str):
            text = io.StringIO(newline="")
            csv.writer(text).writerows(content)
            content = text.getvalue()
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.clock += 60
        os.utime(path, (self.clock, self.clock))
        return path

    def take(
        self, source: str | Source, key: bytes = b"key of this house", as_of: date = TONIGHT, **more
    ) -> SourceResult:
        found = source if isinstance(source, Source) else next(entry for entry in SOURCES if entry.name == source)
        return ingest(found, self.landing, self.lake, key, {"threads": 1, "memory_limit": "500MB"}, as_of, **more)

    def ask(self, sql: str, table: str, floor: str = "raw") -> list[tuple]:
        """`sql` with `{}` in the place of a table of the lake such as `claims/provider_service`."""
        source = f"read_parquet('{self.lake / floor / table}/*.parquet', union_by_name = true)"
        with duckdb.connect() as con:
            return con.execute(sql.format(source)).fetchall()

    def quarantined(self, table: str) -> list[tuple]:
        return self.ask('select line, "column", rule, value from {} order by line, rule', table, floor="quarantine")

    def border_table(self, table: str, as_of: date = TONIGHT) -> list[tuple]:
        write_border_tables(self.lake, as_of)
        return self.ask("select * from {} order by all", f"border/{table}")


@pytest.fixture
def border(tmp_path: Path) -> Border:
    return Border(tmp_path)


SERVICES = [
    "Rndrng_NPI",
    "Rndrng_Prvdr_Last_Org_Name",
    "Rndrng_Prvdr_First_Name",
    "Rndrng_Prvdr_Ent_Cd",
    "Rndrng_Prvdr_City",
    "Rndrng_Prvdr_State_Abrvtn",
    "Rndrng_Prvdr_Zip5",
    "Rndrng_Prvdr_Type",
    "HCPCS_Cd",
    "Place_Of_Srvc",
    "Tot_Benes",
    "Tot_Srvcs",
    "Tot_Bene_Day_Srvcs",
    "Avg_Sbmtd_Chrg",
    "Avg_Mdcr_Alowd_Amt",
    "Avg_Mdcr_Pymt_Amt",
]
SERVICES_FILE = "claims/MUP_PHY_R24_P05_V10_D22_Prov_Svc.csv"

CLAIMS = [
    "claim_id",
    "claim_line_number",
    "claim_type",
    "person_id",
    "claim_start_date",
    "claim_line_start_date",
    "place_of_service_code",
    "ms_drg_code",
    "hcpcs_code",
    "hcpcs_modifier_1",
    "service_unit_quantity",
    "rendering_npi",
    "billing_npi",
    "facility_npi",
    "diagnosis_code_1",
    "paid_amount",
    "data_source",
    "file_date",
]

PAYMENTS = [
    "Change_Type",
    "Covered_Recipient_Type",
    "Teaching_Hospital_CCN",
    "Covered_Recipient_Profile_ID",
    "Covered_Recipient_NPI",
    "Covered_Recipient_First_Name",
    "Covered_Recipient_Last_Name",
    "Recipient_City",
    "Recipient_State",
    "Recipient_Zip_Code",
    "Covered_Recipient_Specialty_1",
    "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_ID",
    "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name",
    "Total_Amount_of_Payment_USDollars",
    "Date_of_Payment",
    "Number_of_Payments_Included_in_Total_Amount",
    "Nature_of_Payment_or_Transfer_of_Value",
    "Form_of_Payment_or_Transfer_of_Value",
    "Record_ID",
    "Dispute_Status_for_Publication",
    "Program_Year",
    "Payment_Publication_Date",
]
PAYMENTS_FILE = "open_payments/OP_DTL_GNRL_PGYR2023_P01302025.csv"


def npi(number: int) -> str:
    """The n-th valid NPI, by the rule as the registry states it: 80840, the nine digits, a Luhn check digit."""
    body = f"1{number:08d}"
    total = 0
    for place, digit in enumerate(reversed("80840" + body)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def services(count: int, **changed: str) -> list[list[str]]:
    """Header and `count` good rows of Provider and Service; `changed` overwrites columns of the last row."""
    rows = [
        f"{npi(i)},Doe,Ann,I,Boston,MA,02134,Orthopedic Surgery,27447,F,{11 + i},{20 + i},{20 + i},100.5,90.25,80.125"
        for i in range(count)
    ]
    return [SERVICES, *_changed(SERVICES, rows, changed)]


def claims(count: int, **changed: str) -> list[list[str]]:
    rows = [
        f"C{i},1,professional,patient-{i},2024-03-01,2024-03-02,24,470,27447,,1,{npi(i)},{npi(i)},{npi(900)},M17.11,1234.50"
        ",house,2024-04-30"
        for i in range(count)
    ]
    return [CLAIMS, *_changed(CLAIMS, rows, changed)]


def payments(count: int, **changed: str) -> list[list[str]]:
    rows = [
        f"NEW,Covered Recipient Physician,,{i},{npi(i)},ANN,DOE,BOSTON,MA,02134-1234,Orthopaedics,1000,Maker Inc.,12.50"
        f",06/15/2023,1,Food and Beverage,Cash,{7000 + i},No,2023,01/30/2025"
        for i in range(count)
    ]
    return [PAYMENTS, *_changed(PAYMENTS, rows, changed)]


def _changed(header: list[str], lines: list[str], changed: dict[str, str]) -> list[list[str]]:
    rows = [line.split(",") for line in lines]
    for column, value in changed.items():
        rows[-1][[name.lower() for name in header].index(column.lower())] = value
    return rows


def status(border, check: str, source: str = "claims") -> tuple[str, str]:
    """Status and observation of one row of `data_quality`."""
    (found,) = [(row[2], row[3]) for row in border.border_table("checks") if row[:2] == (source, check)]
    return found
