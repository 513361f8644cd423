"""CMS Open Payments, research payments: one row a payment to a hospital, physician or other entity, with the study's investigators.

Up to five principal investigators are named in a row. Files of before 2021 name recipients `Physician_*` and carry no NPI.
"""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import CCN, CODE, COUNT, DATE, ID, MONEY, NPI, TEXT, UPPER, ZIP5
from dagster_project.ingest.open_payments import MAKER, OF_A_PROGRAM_YEAR, OTHERS, RECORD_RULES

INVESTIGATORS = range(1, 6)


def _investigator(place: int) -> tuple[Column, ...]:
    prefix = f"principal_investigator_{place}"
    return (
        Column(f"{prefix}_profile_id", ID),
        Column(f"{prefix}_npi", NPI),
        Column(f"{prefix}_first_name", TEXT),
        Column(f"{prefix}_last_name", TEXT),
        Column(f"{prefix}_city", TEXT),
        Column(f"{prefix}_state", CODE),
        Column(f"{prefix}_zip_code", ZIP5),
        Column(f"{prefix}_specialty", TEXT),
    )


_COLUMNS = (
    Column("change_type", UPPER, codes=("NEW", "ADD", "CHANGED", "UNCHANGED", "DELETED")),
    Column("covered_recipient_type", TEXT),
    Column("noncovered_recipient_entity_name", TEXT),
    Column("teaching_hospital_ccn", CCN),
    Column("covered_recipient_profile_id", ID),
    Column("covered_recipient_npi", NPI),
    Column("covered_recipient_first_name", TEXT),
    Column("covered_recipient_last_name", TEXT),
    Column("recipient_city", TEXT),
    Column("recipient_state", CODE),
    Column("recipient_zip_code", ZIP5),
    Column("covered_recipient_specialty_1", TEXT),
    *(column for place in INVESTIGATORS for column in _investigator(place)),
    Column(f"{MAKER}_id", ID),
    Column(f"{MAKER}_name", TEXT, is_key=True),
    Column("total_amount_of_payment_usdollars", MONEY, is_key=True),
    Column("date_of_payment", DATE, is_key=True),
    Column("form_of_payment_or_transfer_of_value", TEXT),
    Column("preclinical_research_indicator", CODE),
    Column("name_of_study", TEXT),
    Column("record_id", ID, is_key=True),
    Column("dispute_status_for_publication", CODE),
    Column("program_year", COUNT, is_key=True),
    Column("payment_publication_date", DATE),
)
_OLD_NAMES = {
    "covered_recipient_profile_id": "physician_profile_id",
    "covered_recipient_first_name": "physician_first_name",
    "covered_recipient_last_name": "physician_last_name",
    "covered_recipient_specialty_1": "physician_specialty",
}
_SINCE_2021 = {column.name: column.name for column in _COLUMNS} | {
    f"principal_investigator_{place}_specialty": (
        f"principal_investigator_{place}_specialty_1",
        f"principal_investigator_{place}_specialty",
    )
    for place in INVESTIGATORS
}
_BEFORE_2021 = {
    column.name: _OLD_NAMES.get(column.name, column.name) for column in _COLUMNS if not column.name.endswith("_npi")
}
_NEEDED = (
    "covered_recipient_profile_id",
    "principal_investigator_1_profile_id",
    f"{MAKER}_name",
    "total_amount_of_payment_usdollars",
    "date_of_payment",
    "record_id",
    "dispute_status_for_publication",
    "program_year",
    "payment_publication_date",
)

RESEARCH = Contract(
    table="research",
    fresh=Freshness(
        575, "a program year of research is published half a year after its end, the next one a year later"
    ),
    columns=_COLUMNS,
    pattern=r"op_dtl_rsrch",
    layouts=(
        Layout(
            "research payments since 2021",
            _SINCE_2021,
            (*_NEEDED, "covered_recipient_npi", "principal_investigator_1_npi"),
        ),
        Layout("research payments of 2013 to 2020", _BEFORE_2021, _NEEDED),
    ),
    thresholds=OF_A_PROGRAM_YEAR,
    unique=("record_id",),
    rules=RECORD_RULES,
    swaps=(("date_of_payment", "total_amount_of_payment_usdollars"),),
    period="program_year",
    dollars="total_amount_of_payment_usdollars",
    provider="coalesce(principal_investigator_1_npi, covered_recipient_npi)",
    others=OTHERS,
)
