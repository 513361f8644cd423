"""National-sized files for the bench: the publishers' headers, text of their lengths, and dirt below every threshold.

Belongs here: what the rows look like. Not here: what is measured. Every value follows from the number of its row, so the
same files come out on every machine; they are written once and kept.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

_NPI = """
create or replace macro digit(number, place) as number // cast(pow(10, place) as bigint) % 10;
create or replace macro doubled(digit) as digit * 2 - case when digit > 4 then 9 else 0 end;
create or replace macro chance(i, salt, share) as hash(i, salt) % 1000000 < share * 1000000;
create or replace macro whole(i, salt, below) as cast(hash(i, salt) % below as bigint);
create or replace macro pick(i, salt, words) as words[1 + whole(i, salt, len(words))];
create or replace macro checked(body) as body * 10 + (10 - (24
    + doubled(digit(body, 0)) + digit(body, 1) + doubled(digit(body, 2)) + digit(body, 3) + doubled(digit(body, 4))
    + digit(body, 5) + doubled(digit(body, 6)) + digit(body, 7) + doubled(digit(body, 8))) % 10) % 10;
create or replace macro npi(k) as cast(checked(100000000 + k) as varchar);
-- One written NPI in ten thousand lost its check digit on the way.
create or replace macro written_npi(i, k) as case when chance(i, 'wrong npi', 0.0001)
    then cast(checked(100000000 + k) // 10 * 10 + (checked(100000000 + k) + 1) % 10 as varchar) else npi(k) end;
create or replace macro surname(k) as pick(k, 'surname', ['SMITH', 'O''BRIEN', 'NGUYEN', 'GARCIA-LOPEZ', 'WILLIAMS', 'CHEN',
    'VAN DER BERG', 'PATEL', 'KOWALSKI', 'ROSENBERG', 'IBRAHIM', 'LEE']) || chr(65 + cast(k % 26 as integer));
create or replace macro forename(k) as pick(k, 'forename', ['ANNA', 'JAMES', 'PRIYA', 'MOHAMMED', 'WEI', 'ELIZABETH', 'JO', 'CARLOS']);
create or replace macro city(k) as pick(k, 'city', ['BOSTON', 'SAN DIEGO', 'NEW YORK', 'LANSING', 'FORT WORTH', 'SALT LAKE CITY', 'BRYAN', 'OMAHA']);
create or replace macro state(k) as pick(k, 'state', ['MA', 'CA', 'NY', 'MI', 'TX', 'UT', 'NE', 'FL', 'WA', 'OH']);
create or replace macro street(k) as whole(k, 'house', 9900) || pick(k, 'street', [' E 29TH ST STE 305', ' S CEDAR ST', ' ROCKLEDGE DR, SUITE 304', ' MAIN STREET']);
create or replace macro day(i, salt, first, days) as cast(first as date) + cast(whole(i, salt, days) as integer);
create or replace macro cents(i, salt, below) as printf('%.2f', whole(i, salt, below * 100) / 100.0);
"""

_PAYMENTS = """
select
    pick(i, 'change', ['UNCHANGED', 'UNCHANGED', 'UNCHANGED', 'NEW', 'CHANGED', 'ADD']) as "Change_Type",
    case when is_hospital then 'Covered Recipient Teaching Hospital'
        when chance(k, 'nurse', 0.3) then 'Covered Recipient Non-Physician Practitioner'
        else 'Covered Recipient Physician' end as "Covered_Recipient_Type",
    case when is_hospital then lpad(cast(10001 + k % 4000 as varchar), 6, '0') end as "Teaching_Hospital_CCN",
    case when is_hospital then 1000 + k % 4000 end as "Teaching_Hospital_ID",
    case when is_hospital then city(k) || ' MEDICAL CENTER, INC' end as "Teaching_Hospital_Name",
    case when not is_hospital then 10000000 + k end as "Covered_Recipient_Profile_ID",
    case when not is_hospital then written_npi(i, k) end as "Covered_Recipient_NPI",
    case when not is_hospital then forename(k) end as "Covered_Recipient_First_Name",
    case when chance(k, 'middle', 0.4) then chr(65 + cast(k % 26 as integer)) end as "Covered_Recipient_Middle_Name",
    case when not is_hospital then surname(k) end as "Covered_Recipient_Last_Name",
    null as "Covered_Recipient_Name_Suffix",
    street(k) as "Recipient_Primary_Business_Street_Address_Line1",
    case when chance(k, 'line 2', 0.2) then 'FLOOR ' || k % 30 end as "Recipient_Primary_Business_Street_Address_Line2",
    city(k) as "Recipient_City", state(k) as "Recipient_State",
    lpad(cast(whole(k, 'zip', 99000) + 501 as varchar), 5, '0') || case when k % 2 = 0 then '-' || (1000 + k % 9000) else '' end
        as "Recipient_Zip_Code",
    'United States' as "Recipient_Country", null as "Recipient_Province", null as "Recipient_Postal_Code",
    case when not is_hospital then pick(k, 'type', ['Medical Doctor', 'Doctor of Osteopathy', 'Nurse Practitioner']) end
        as "Covered_Recipient_Primary_Type_1",
    {empty_types},
    case when not is_hospital then pick(k, 'specialty', ['Allopathic & Osteopathic Physicians|Orthopaedic Surgery',
        'Allopathic & Osteopathic Physicians|Internal Medicine|Endocrinology, Diabetes & Metabolism',
        'Physician Assistants & Advanced Practice Nursing Providers|Nurse Practitioner|Acute Care',
        'Allopathic & Osteopathic Physicians|Pediatrics']) end as "Covered_Recipient_Specialty_1",
    {empty_specialties},
    case when not is_hospital then state(k) end as "Covered_Recipient_License_State_code1",
    {empty_licences},
    maker as "Submitting_Applicable_Manufacturer_or_Applicable_GPO_Name",
    100000000000 + m as "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_ID",
    maker as "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name",
    state(m) as "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_State",
    'United States' as "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Country",
    cents(i, 'amount', 200) as "Total_Amount_of_Payment_USDollars",
    case when chance(i, 'bad date', 0.00005) then '02/30/2024'
        else strftime(day(i, 'paid', '2024-01-01', 366), '%m/%d/%Y') end as "Date_of_Payment",
    1 as "Number_of_Payments_Included_in_Total_Amount",
    pick(i, 'form', ['In-kind items and services', 'Cash or cash equivalent']) as "Form_of_Payment_or_Transfer_of_Value",
    pick(i, 'nature', ['Food and Beverage', 'Food and Beverage', 'Education', 'Consulting Fee', 'Travel and Lodging',
        'Compensation for services other than consulting, including serving as faculty or as a speaker'])
        as "Nature_of_Payment_or_Transfer_of_Value",
    null as "City_of_Travel", null as "State_of_Travel", null as "Country_of_Travel",
    'No' as "Physician_Ownership_Indicator", 'No Third Party Payment' as "Third_Party_Payment_Recipient_Indicator",
    null as "Name_of_Third_Party_Entity_Receiving_Payment_or_Transfer_of_Value", null as "Charity_Indicator",
    null as "Third_Party_Equals_Covered_Recipient_Indicator",
    case when chance(i, 'context', 0.1) then 'Meal at a talk: "New options", with questions' end as "Contextual_Information",
    'No' as "Delay_in_Publication_Indicator",
    1060000000 + i as "Record_ID",
    'No' as "Dispute_Status_for_Publication", 'Yes' as "Related_Product_Indicator",
    'Covered' as "Covered_or_Noncovered_Indicator_1",
    pick(m, 'sort', ['Drug', 'Device']) as "Indicate_Drug_or_Biological_or_Device_or_Medical_Supply_1",
    pick(m, 'area', ['Allergy/Immunology', 'Orthopaedics', 'Cardiology']) as "Product_Category_or_Therapeutic_Area_1",
    'PRODUCT ' || whole(i, 'product', 5000) as "Name_of_Drug_or_Biological_or_Device_or_Medical_Supply_1",
    null as "Associated_Drug_or_Biological_NDC_1", null as "Associated_Device_or_Medical_Supply_PDI_1",
    {empty_products},
    2024 as "Program_Year", '06/30/2026' as "Payment_Publication_Date"
from (select i, k, m, chance(i, 'hospital', 0.02) as is_hospital,
        pick(m, 'maker', ['Novartis Pharmaceuticals Corporation', 'Boehringer Ingelheim Pharmaceuticals, Inc.', 'Phadia US Inc.',
            'DePuy Synthes Sales, Inc.', 'Zimmer Biomet Holdings', 'Small Maker']) || ' ' || m % 300 as maker
    from (select i, whole(i, 'recipient', 900000) as k, i * 1500 // {rows} as m from rows))
"""

_SERVICES = """
select
    written_npi(i, k) as "Rndrng_NPI", surname(k) as "Rndrng_Prvdr_Last_Org_Name", forename(k) as "Rndrng_Prvdr_First_Name",
    case when k % 3 = 0 then 'A' end as "Rndrng_Prvdr_MI", pick(k, 'title', ['M.D.', 'MD', 'D.O.', 'NP']) as "Rndrng_Prvdr_Crdntls",
    'I' as "Rndrng_Prvdr_Ent_Cd", street(k) as "Rndrng_Prvdr_St1", null as "Rndrng_Prvdr_St2", city(k) as "Rndrng_Prvdr_City",
    state(k) as "Rndrng_Prvdr_State_Abrvtn", lpad(cast(k % 56 as varchar), 2, '0') as "Rndrng_Prvdr_State_FIPS",
    lpad(cast(whole(k, 'zip', 99000) + 501 as varchar), 5, '0') as "Rndrng_Prvdr_Zip5", 1 as "Rndrng_Prvdr_RUCA",
    'Metropolitan area core: primary flow within an urbanized area of 50,000 and greater' as "Rndrng_Prvdr_RUCA_Desc",
    'US' as "Rndrng_Prvdr_Cntry",
    pick(k, 'type', ['Internal Medicine', 'Orthopedic Surgery', 'Nurse Practitioner', 'Clinical Laboratory']) as "Rndrng_Prvdr_Type",
    'Y' as "Rndrng_Prvdr_Mdcr_Prtcptg_Ind",
    lpad(cast(10000 + (whole(k, 'first code', 6000) + place * 37) % 6000 as varchar), 5, '0') as "HCPCS_Cd",
    pick(place, 'words', ['Initial hospital care with straightforward or low level of medical decision making, per day, if using time, at least 40 minutes',
        'Replacement of knee joint, both sides of thigh bone and shin bone', 'Blood test, lipids (cholesterol and triglycerides)',
        'Established patient office or other outpatient visit, 30-39 minutes']) as "HCPCS_Desc",
    'N' as "HCPCS_Drug_Ind", pick(i, 'place', ['F', 'O']) as "Place_Of_Srvc",
    11 + whole(i, 'patients', 200) as "Tot_Benes",
    case when chance(i, 'bad count', 0.00005) then 'n/a' when chance(i, 'part', 0.02) then (20 + whole(i, 'services', 400)) || '.5'
        else cast(20 + whole(i, 'services', 400) as varchar) end as "Tot_Srvcs",
    20 + whole(i, 'services', 400) as "Tot_Bene_Day_Srvcs",
    {averages}
from (select i, i // 25 as k, i % 25 as place from rows)
"""

_CLAIMS = """
select
    'CLM' || (100000000 + k) as claim_id, 1 + i % 4 as claim_line_number,
    pick(k, 'type', ['professional', 'professional', 'professional', 'institutional']) as claim_type,
    'PT' || (5000000 + p) as person_id, 'MBR' || (7000000 + p) as member_id, 'Bench Health' as payer, 'PPO' as plan,
    case when chance(i, 'bad date', 0.00005) then '2024-02-31' else cast(start as varchar) end as claim_start_date,
    start as claim_end_date, start as claim_line_start_date, start as claim_line_end_date,
    pick(k, 'place', ['11', '22', '24', '21']) as place_of_service_code,
    null as bill_type_code,
    case when k % 9 = 0 then lpad(cast(whole(k, 'drg', 900) + 1 as varchar), 3, '0') end as ms_drg_code,
    lpad(cast(10000 + whole(i, 'code', 9000) as varchar), 5, '0') as hcpcs_code,
    case when chance(i, 'modifier', 0.2) then pick(i, 'which', ['RT', 'LT', '80', '59']) end as hcpcs_modifier_1,
    1 + whole(i, 'units', 3) as service_unit_quantity,
    written_npi(i, whole(k, 'surgeon', 300000)) as rendering_npi, npi(whole(k, 'group', 90000)) as billing_npi,
    npi(800000 + whole(k, 'facility', 6000)) as facility_npi,
    cents(i, 'paid', 900) as paid_amount, cents(i, 'allowed', 1200) as allowed_amount, cents(i, 'charged', 3000) as charge_amount,
    'icd-10-cm' as diagnosis_code_type,
    {diagnoses},
    'bench' as data_source, date '2025-01-31' as file_date
from (select *, day(k, 'start', '2024-01-01', 366) as start from (select i, i // 4 as k, whole(i // 4, 'patient', 400000) as p from rows))
"""


@dataclass(frozen=True)
class Layout:
    """One national file: where it lies in the landing zone, its rows as SQL, its source and table."""

    name: str
    source: str
    table: str
    file: str
    rows: int
    sql: str
    dateformat: str

    def landing(self, folder: Path) -> Path:
        return folder / self.name / "landing"

    def path(self, folder: Path) -> Path:
        return self.landing(folder) / self.file


def _numbered(names: str, first: int, last: int) -> str:
    return ", ".join(f'null as "{name}_{n}"' for n in range(first, last + 1) for name in names.split())


_EMPTY = {
    "empty_types": _numbered("Covered_Recipient_Primary_Type", 2, 6),
    "empty_specialties": _numbered("Covered_Recipient_Specialty", 2, 6),
    "empty_licences": ", ".join(f'null as "Covered_Recipient_License_State_code{n}"' for n in range(2, 6)),
    "empty_products": _numbered(
        "Covered_or_Noncovered_Indicator Indicate_Drug_or_Biological_or_Device_or_Medical_Supply"
        " Product_Category_or_Therapeutic_Area Name_of_Drug_or_Biological_or_Device_or_Medical_Supply"
        " Associated_Drug_or_Biological_NDC Associated_Device_or_Medical_Supply_PDI",
        2,
        5,
    ),
    "averages": ", ".join(
        f"printf('%.8g', {share} * (20 + whole(i, 'average', 30000000) / 100000.0)) as \"{name}\""
        for name, share in (
            ("Avg_Sbmtd_Chrg", 3),
            ("Avg_Mdcr_Alowd_Amt", 1),
            ("Avg_Mdcr_Pymt_Amt", 0.8),
            ("Avg_Mdcr_Stdzd_Amt", 0.79),
        )
    ),
    "diagnoses": ", ".join(
        f"case when k % 6 >= {n // 2} then pick(k + {n}, 'icd', ['M17.11', 'E11.22', 'I25.10', 'Z98.61', 'M16.12', 'S72.001A'])"
        f" end as diagnosis_code_{n + 1}"
        for n in range(10)
    ),
}

LAYOUTS = (
    Layout(
        "open_payments",
        "open_payments",
        "general",
        "open_payments/OP_DTL_GNRL_PGYR2024_P06302026.csv",
        2_000_000,
        _PAYMENTS,
        "%m/%d/%Y",
    ),
    Layout(
        "provider_service",
        "claims",
        "provider_service",
        "claims/MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv",
        3_000_000,
        _SERVICES,
        "%m/%d/%Y",
    ),
    Layout("claim_lines", "claims", "medical_claim", "claims/medical_claim.csv", 5_000_000, _CLAIMS, "%Y-%m-%d"),
)


def write(layout: Layout, folder: Path, rows: int) -> Path:
    """The file of a layout, written unless it is there: `rows` rows; of claim lines one in ten thousand is delivered twice.

    A publisher's file holds a record once; what vendors of claims deliver does not.
    """
    path = layout.path(folder)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = folder / f"{layout.name}.part"
    twice = "chance(i, 'twice', 0.0001)" if layout.name == "claim_lines" else "false"
    with duckdb.connect() as con:
        con.execute(_NPI)
        con.execute(
            f"create view rows as select unnest(case when {twice} then [i, i] else [i] end) as i"
            f" from range({rows}) as numbers(i)"
        )
        con.execute(f"copy ({layout.sql.format(rows=rows, **_EMPTY)}) to '{part}' (format csv, header)")
    with open(part, "a", encoding="utf-8") as file:
        file.writelines("a line of too few fields,1\n" for _ in range(max(1, rows // 100_000)))
    os.replace(part, path)
    return path
