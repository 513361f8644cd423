"""CMS Open Payments, research payments: one row a payment to a hospital, physician or other entity, with the study's investigators.

Up to five principal investigators are named in a row. Files of before 2021 name recipients `Physician_*` and carry no NPI.
"""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import CODE, ID, NPI, TEXT, ZIP5
from dagster_project.ingest.open_payments import (
    CHANGE,
    MAKER,
    OF_A_PROGRAM_YEAR,
    OLD_RECIPIENT,
    OTHERS,
    PAYMENT,
    RECIPIENT,
    RECORD,
    RECORD_RULES,
)

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
    CHANGE,
    *RECIPIENT,
    Column("noncovered_recipient_entity_name", TEXT),
    *(column for place in INVESTIGATORS for column in _investigator(place)),
    *PAYMENT,
    Column("preclinical_research_indicator", CODE),
    Column("name_of_study", TEXT),
    *RECORD,
)
_SINCE_2021 = {column.name: column.name for column in _COLUMNS} | {
    f"principal_investigator_{place}_specialty": (
        f"principal_investigator_{place}_specialty_1",
        f"principal_investigator_{place}_specialty",
    )
    for place in INVESTIGATORS
}
_BEFORE_2021 = {
    column.name: OLD_RECIPIENT.get(column.name, column.name) for column in _COLUMNS if not column.name.endswith("_npi")
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
