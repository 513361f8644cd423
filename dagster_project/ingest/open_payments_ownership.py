"""CMS Open Payments, ownership: one row an interest that a physician or an immediate family member holds in a manufacturer."""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import CODE, COUNT, DATE, ID, MONEY, NPI, TEXT, ZIP5
from dagster_project.ingest.open_payments import CHANGE, MAKER, OF_A_PROGRAM_YEAR, OTHERS

_COLUMNS = (
    CHANGE,
    Column("physician_profile_id", ID),
    Column("physician_npi", NPI),
    Column("physician_first_name", TEXT),
    Column("physician_last_name", TEXT),
    Column("recipient_city", TEXT),
    Column("recipient_state", CODE),
    Column("recipient_zip_code", ZIP5),
    Column("physician_specialty", TEXT),
    Column("record_id", ID, is_key=True),
    Column("program_year", COUNT, is_key=True),
    Column("total_amount_invested_usdollars", MONEY),
    Column("value_of_interest", MONEY),
    Column("terms_of_interest", TEXT),
    Column(f"{MAKER}_id", ID),
    Column(f"{MAKER}_name", TEXT, is_key=True),
    Column("dispute_status_for_publication", CODE),
    Column("interest_held_by_physician_or_an_immediate_family_member", TEXT),
    Column("payment_publication_date", DATE),
)
_NEEDED = (
    "physician_profile_id",
    "record_id",
    "program_year",
    "total_amount_invested_usdollars",
    f"{MAKER}_name",
    "dispute_status_for_publication",
    "payment_publication_date",
)

OWNERSHIP = Contract(
    table="ownership",
    fresh=Freshness(
        575, "a program year of interests is published half a year after its end, the next one a year later"
    ),
    columns=_COLUMNS,
    pattern=r"op_dtl_ownrshp",
    layouts=(
        Layout("ownership since 2021", {column.name: column.name for column in _COLUMNS}, (*_NEEDED, "physician_npi")),
        Layout(
            "ownership of 2013 to 2020",
            {column.name: column.name for column in _COLUMNS if column.name != "physician_npi"},
            _NEEDED,
        ),
    ),
    thresholds=OF_A_PROGRAM_YEAR,
    unique=("record_id",),
    rules=(
        ("negative_amount", "total_amount_invested_usdollars", "total_amount_invested_usdollars < 0"),
        ("negative_amount", "value_of_interest", "value_of_interest < 0"),
        ("date_outside_period", "program_year", "program_year <> told_period"),
    ),
    swaps=(("physician_profile_id", "payment_publication_date"),),
    period="program_year",
    dollars="total_amount_invested_usdollars",
    provider="physician_npi",
    others=OTHERS,
)
