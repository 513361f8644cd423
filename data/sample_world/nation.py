"""A whole country's bulk around a sample world, for benchmarks: the same layouts at the sizes of the real files.

Rows come from arithmetic and hashes inside DuckDB, streamed to disk in bounded memory. They carry no planted truth;
the company, the CRM and the truth are those of the world within.
"""

import shutil
from pathlib import Path

import duckdb

from sample_world import layouts
from sample_world.clock import DELIVERY_DAY
from sample_world.geography import STATE_FIPS, read_zip_codes
from sample_world.names import LAST, MEN, STREETS, WOMEN
from sample_world.nppes_layout import NPPES

PROVIDERS = 1_500_000
SERVICES_EACH, SERVICE_YEARS = 7, (2022, 2023, 2024)
PAID_SHARE, PAYMENTS_EACH, PAYMENT_YEAR = 40, 25, 2025
CLAIM_SHARE, LINES_EACH, DELIVERIES = 10, 7, 29
SLICE = 50_000
MEMORY_LIMIT = "1GB"
_CODES = ["27447", "27130", "29881", "20610", "27487", "27134", "20611"]
_OTHER_CODES = ["99213", "99214", "99204", "93000", "36415", "99232", "71046"]

_PEOPLE = """
create table people as
with drawn as (
    select i, 200000000 + i * 53 as stem, 
        cast(hash(i, $seed, 'a') // 4 as bigint) as a, cast(hash(i, $seed, 'b') // 4 as bigint) as b,
        cast(hash(i, $seed, 'c') // 4 as bigint) as c
    from range($size) r(i)
), luhn as (
    select *, list_sum([(stem // cast(power(10, k) as bigint)) % 10 for k in [1, 3, 5, 7]]) + 24
        + list_sum([(d * 2) // 10 + (d * 2) % 10 for d in
            [(stem // cast(power(10, k) as bigint)) % 10 for k in [0, 2, 4, 6, 8]]]) as total
    from drawn
)
select
    i, cast(stem * 10 + (10 - cast(total as bigint) % 10) % 10 as varchar) as npi, i % 50 = 0 as is_surgeon,
    $first[1 + a % len($first)] as first, $last[1 + b % len($last)] as last, cast(1 + c % 2300 as varchar) || ' '
        || $streets[1 + (c // 4096) % len($streets)] || ' St' as street,
    case when i % 50 = 0 then 'Orthopedic Surgery' else 'Internal Medicine' end as specialty,
    case when i % 50 = 0 then '207X00000X' else '207R00000X' end as taxonomy,
    zips.zip5, zips.city, zips.state, zips.fips, a
from luhn join zips on zips.n = (a // 65536) % (select count(*) from zips)
order by i
"""


def widen(landing: Path, seed: int, fraction: float) -> dict[str, int]:
    """Grow the bulky files of a written world to the size of the country times `fraction`; return the rows added."""
    size = max(100, int(PROVIDERS * fraction))
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        zips = read_zip_codes()
        zips = zips[zips.state.isin(list(STATE_FIPS))].reset_index(drop=True).reset_index(names="n")
        zips["fips"] = zips.state.map(STATE_FIPS)
        connection.register("zip_frame", zips)
        connection.execute("create table zips as select * from zip_frame")
        connection.execute(
            _PEOPLE, {"seed": seed, "size": size, "first": MEN + WOMEN, "last": LAST, "streets": STREETS}
        )
        counts = {
            "nppes": _append(connection, next((landing / "registry").glob("npidata_pfile_*.csv")), NPPES, _nppes())
        }
        counts["provider_service"] = 0
        for year in SERVICE_YEARS:
            path = next((landing / "claims").glob(f"MUP_PHY_*_D{year - 2000}_Prov_Svc.csv"))
            columns = layouts.MUP_PHY if year <= 2022 else layouts.MUP_PHY_2023
            counts["provider_service"] += _append(connection, path, columns, _services(year))
        path = next((landing / "open_payments").glob(f"OP_DTL_GNRL_PGYR{PAYMENT_YEAR}_P*.csv"))
        counts["general_payments"] = _append(connection, path, layouts.GENERAL_2021, _payments())
        counts["medical_claim"] = sum(
            _write_delivery(connection, landing / "claims", number) for number in range(DELIVERIES)
        )
    return counts


def _append(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: list[str], bulk: tuple[dict[str, str], str]
) -> int:
    """Append the bulk to a CSV file of the world, one slice of providers at a time; return the rows added."""
    values, source = bulk
    chosen = ", ".join(f'{values.get(name, "null")} as "{name}"' for name in columns)
    size = connection.execute("select count(*) from people").fetchone()[0]
    part, rows = path.with_suffix(".part"), 0
    with path.open("ab") as whole:
        for start in range(0, size, SLICE):
            query = f"select {chosen} from (from people where i >= {start} and i < {start + SLICE}) people{source}"
            rows += connection.execute(f"copy ({query}) to '{part}' (format csv, header false)").fetchone()[0]
            with part.open("rb") as slice_of_rows:
                shutil.copyfileobj(slice_of_rows, whole, 1 << 20)
    part.unlink()
    return rows


def _nppes() -> tuple[dict[str, str], str]:
    values = {
        "NPI": "npi", "Entity Type Code": "'1'", "Provider Last Name (Legal Name)": "upper(last)",
        "Provider First Name": "upper(first)", "Provider Credential Text": "'M.D.'",
        "Provider First Line Business Mailing Address": "upper(street)",
        "Provider Business Mailing Address City Name": "upper(city)", "Provider Business Mailing Address State Name": "state",
        "Provider Business Mailing Address Postal Code": "zip5 || '0001'",
        "Provider First Line Business Practice Location Address": "upper(street)",
        "Provider Business Practice Location Address City Name": "upper(city)",
        "Provider Business Practice Location Address State Name": "state",
        "Provider Business Practice Location Address Postal Code": "zip5 || '0001'",
        "Provider Enumeration Date": "strftime(date '2006-06-01' + cast(a % 6000 as integer), '%m/%d/%Y')",
        "Last Update Date": "strftime(date '2022-12-01' + cast(a % 1200 as integer), '%m/%d/%Y')",
        "Healthcare Provider Taxonomy Code_1": "taxonomy", "Healthcare Provider Primary Taxonomy Switch_1": "'Y'",
        "Is Sole Proprietor": "'N'",
    }  # fmt: skip
    return values, ""


def _services(year: int) -> tuple[dict[str, str], str]:
    amount = f"hash(i, k, {year})"
    values = {
        "Rndrng_NPI": "npi", "Rndrng_Prvdr_Last_Org_Name": "last", "Rndrng_Prvdr_First_Name": "first",
        "Rndrng_Prvdr_Crdntls": "'M.D.'", "Rndrng_Prvdr_Gndr": "'M'", "Rndrng_Prvdr_Ent_Cd": "'I'", "Rndrng_Prvdr_St1": "street",
        "Rndrng_Prvdr_City": "city", "Rndrng_Prvdr_State_Abrvtn": "state", "Rndrng_Prvdr_State_FIPS": "fips",
        "Rndrng_Prvdr_Zip5": "zip5", "Rndrng_Prvdr_RUCA": "'1'", "Rndrng_Prvdr_RUCA_Desc": "'Metropolitan area core'",
        "Rndrng_Prvdr_Cntry": "'US'", "Rndrng_Prvdr_Type": "specialty", "Rndrng_Prvdr_Mdcr_Prtcptg_Ind": "'Y'",
        "HCPCS_Cd": f"case when is_surgeon then {_CODES}[k + 1] else {_OTHER_CODES}[k + 1] end",
        "HCPCS_Desc": "'Service'", "HCPCS_Drug_Ind": "'N'", "Place_Of_Srvc": "case when k < 3 then 'F' else 'O' end",
        "Tot_Benes": f"11 + {amount} % 60", "Tot_Srvcs": f"11 + {amount} % 60 + k", "Tot_Bene_Day_Srvcs": f"11 + {amount} % 60 + k",
        "Avg_Sbmtd_Chrg": f"{amount} % 4000 + 0.25", "Avg_Mdcr_Alowd_Amt": f"{amount} % 1500 + 0.5",
        "Avg_Mdcr_Pymt_Amt": f"{amount} % 1200 + 0.75", "Avg_Mdcr_Stdzd_Amt": f"{amount} % 1200 + 0.5",
    }  # fmt: skip
    return values, f", range({SERVICES_EACH}) r(k)"


def _payments() -> tuple[dict[str, str], str]:
    makers = [
        "Strydane Corporation",
        "Zenith Biometrics Holdings, Inc.",
        "DeValle Synthex Products, Inc.",
        "Ferro Biologics Inc.",
    ]
    maker = f"{makers}[1 + cast(hash(i, k, 'm') % {len(makers)} as bigint)]"
    day = f"strftime(date '{PAYMENT_YEAR}-01-01' + cast(hash(i, k, 'd') % 365 as integer), '%m/%d/%Y')"
    values = {
        "Change_Type": "'NEW'", "Covered_Recipient_Type": "'Covered Recipient Physician'",
        "Covered_Recipient_Profile_ID": "cast(5000000 + i as varchar)", "Covered_Recipient_NPI": "npi",
        "Covered_Recipient_First_Name": "upper(first)", "Covered_Recipient_Last_Name": "upper(last)",
        "Recipient_Primary_Business_Street_Address_Line1": "street", "Recipient_City": "city", "Recipient_State": "state",
        "Recipient_Zip_Code": "zip5", "Recipient_Country": "'United States'", "Covered_Recipient_Primary_Type_1": "'Medical Doctor'",
        "Covered_Recipient_Specialty_1": "'Allopathic & Osteopathic Physicians|' || specialty",
        "Covered_Recipient_License_State_code1": "state",
        "Submitting_Applicable_Manufacturer_or_Applicable_GPO_Name": maker,
        "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_ID": "'100000019999'",
        "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name": maker,
        "Total_Amount_of_Payment_USDollars": "cast(5 + hash(i, k, 'a') % 20000 / 100.0 as decimal(18, 2))", "Date_of_Payment": day,
        "Number_of_Payments_Included_in_Total_Amount": "'1'", "Form_of_Payment_or_Transfer_of_Value": "'In-kind items and services'",
        "Nature_of_Payment_or_Transfer_of_Value": "'Food and Beverage'", "Physician_Ownership_Indicator": "'No'",
        "Record_ID": f"cast(9000000000 + i * {PAYMENTS_EACH} + k as varchar)", "Dispute_Status_for_Publication": "'No'",
        "Related_Product_Indicator": "'No'", "Delay_in_Publication_Indicator": "'No'", "Program_Year": f"'{PAYMENT_YEAR}'",
        "Payment_Publication_Date": "'06/30/2026'",
    }  # fmt: skip
    return values, f", range({PAYMENTS_EACH}) r(k) where i % 100 < {PAID_SHARE}"


def _write_delivery(connection: duckdb.DuckDBPyConnection, folder: Path, number: int) -> int:
    """One month's Parquet delivery of the country's claim lines."""
    month = 2024 * 12 + 1 + number
    delivered = f"{month // 12}-{month % 12 + 1:02d}-{DELIVERY_DAY}"
    day = f"(date '{delivered}' - 55 + cast(hash(i, k, {number}) % 30 as integer))"
    claim = f"'N{number:02d}' || cast(i * {LINES_EACH} + k as varchar)"
    values = {
        "claim_id": claim, "claim_line_number": "1", "claim_type": "'professional'",
        "person_id": f"'Q' || cast(hash(i, k % 3, {number}) % 40000000 as varchar)", "claim_start_date": day, "claim_end_date": day,
        "claim_line_start_date": day, "claim_line_end_date": day, "place_of_service_code": "'22'", "service_unit_quantity": "1.0",
        "hcpcs_code": f"case when is_surgeon then {_CODES}[k + 1] else {_OTHER_CODES}[k + 1] end",
        "rendering_npi": "npi", "billing_npi": "npi", "paid_amount": f"cast(hash(i, k, {number}) % 150000 / 100.0 as decimal(18, 2))",
        "diagnosis_code_type": "'icd-10-cm'", "diagnosis_code_1": "case when k % 2 = 0 then 'M1711' else 'M1611' end",
        "data_source": "'national'", "file_name": f"'national_{number:02d}'", "file_date": f"date '{delivered}'",
    }  # fmt: skip
    chosen = ", ".join(f'{values.get(n, "cast(null as varchar)")} as "{n}"' for n in layouts.MEDICAL_CLAIM_NARROW)
    path = folder / f"medical_claim_national_{delivered.replace('-', '')}.parquet"
    source = f"people, range({LINES_EACH}) r(k) where i % {CLAIM_SHARE} = 0"
    return connection.execute(
        f"copy (select {chosen} from {source}) to '{path}' (format parquet, compression zstd)"
    ).fetchone()[0]
