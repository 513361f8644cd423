"""CMS Open Payments: general payments (one row a payment) and the profile supplement that tells a recipient's NPI.

Files of before 2021, and re-publications of them until 2022, name the recipient `Physician_*` and carry no NPI.
"""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import CCN, CODE, COUNT, DATE, ID, MONEY, NPI, TEXT, UPPER, ZIP5
from dagster_project.ingest.thresholds import Threshold

MAKER = "applicable_manufacturer_or_applicable_gpo_making_payment"

CHANGE = Column("change_type", UPPER, codes=("NEW", "ADD", "CHANGED", "UNCHANGED", "DELETED"))
# Who is paid, who pays what and when, and the record of it: the same in general and in research payments.
RECIPIENT = (
    Column("covered_recipient_type", TEXT),
    Column("teaching_hospital_ccn", CCN),
    Column("covered_recipient_profile_id", ID),
    Column("covered_recipient_npi", NPI),
    Column("covered_recipient_first_name", TEXT),
    Column("covered_recipient_last_name", TEXT),
    Column("recipient_city", TEXT),
    Column("recipient_state", CODE),
    Column("recipient_zip_code", ZIP5),
    Column("covered_recipient_specialty_1", TEXT),
)
PAYMENT = (
    Column(f"{MAKER}_id", ID),
    Column(f"{MAKER}_name", TEXT, is_key=True),
    Column("total_amount_of_payment_usdollars", MONEY, is_key=True),
    Column("date_of_payment", DATE, is_key=True),
    Column("form_of_payment_or_transfer_of_value", TEXT),
)
RECORD = (
    Column("record_id", ID, is_key=True),
    Column("dispute_status_for_publication", CODE),
    Column("program_year", COUNT, is_key=True),
    Column("payment_publication_date", DATE),
)
OLD_RECIPIENT = {
    "covered_recipient_profile_id": "physician_profile_id",
    "covered_recipient_first_name": "physician_first_name",
    "covered_recipient_last_name": "physician_last_name",
    "covered_recipient_specialty_1": "physician_specialty",
}

_COLUMNS = (
    CHANGE,
    *RECIPIENT,
    *PAYMENT,
    Column("number_of_payments_included_in_total_amount", COUNT),
    Column("nature_of_payment_or_transfer_of_value", TEXT),
    *RECORD,
)

_OPTIONAL = (
    "teaching_hospital_ccn",
    "number_of_payments_included_in_total_amount",
    "form_of_payment_or_transfer_of_value",
)
_NEEDED = tuple(column.name for column in _COLUMNS if column.name not in _OPTIONAL)
_NEEDED_OF_OLD = tuple(name for name in _NEEDED if name != "covered_recipient_npi")
OTHERS = (
    r"^(covered|physician|teaching|recipient|submitting|applicable|city_of|state_of|country_of|third_party|name_of|charity"
    r"|context|delay|related|indicate|product|associated|ndc_of|general|principal|noncovered|expenditure|preclinical|clinicaltrials|research)"
)

# What holds for every payment of a program year, general or for research.
RECORD_RULES = (
    ("negative_amount", "total_amount_of_payment_usdollars", "total_amount_of_payment_usdollars < 0"),
    ("date_outside_period", "date_of_payment", "year(date_of_payment) <> program_year"),
    ("date_outside_period", "program_year", "program_year <> told_period"),
    ("date_in_future", "date_of_payment", "date_of_payment > payment_publication_date"),
)

OF_A_PROGRAM_YEAR = (
    Threshold(
        "disputed_share",
        "one payment in a thousand is disputed; one in ten is another column",
        at_most=0.1,
        severity="warn",
        share_of="lower(dispute_status_for_publication) = 'yes'",
    ),
    Threshold("period", "the programme began in August 2013", at_least=2013, severity="warn"),
)

GENERAL = Contract(
    table="general",
    fresh=Freshness(575, "a program year is published half a year after its end, the next one a year later"),
    columns=_COLUMNS,
    pattern=r"op_dtl_gnrl",
    layouts=(
        Layout("general payments since 2021", {column.name: column.name for column in _COLUMNS}, _NEEDED),
        Layout(
            "general payments of 2013 to 2020",
            {c.name: OLD_RECIPIENT.get(c.name, c.name) for c in _COLUMNS if not c.name.endswith("_npi")},
            _NEEDED_OF_OLD,
        ),
    ),
    unique=("record_id",),
    rules=RECORD_RULES,
    swaps=(
        ("date_of_payment", "total_amount_of_payment_usdollars"),
        ("covered_recipient_npi", "total_amount_of_payment_usdollars"),
        ("covered_recipient_npi", "date_of_payment"),
    ),
    thresholds=(
        Threshold("empty_share", "every recipient is published with a business ZIP", "recipient_zip_code", at_most=0.5),
        *OF_A_PROGRAM_YEAR,
    ),
    period="program_year",
    dollars="total_amount_of_payment_usdollars",
    provider="covered_recipient_npi",
    others=OTHERS,
)

_PROFILE = (
    Column("covered_recipient_profile_id", ID, is_key=True),
    Column("covered_recipient_npi", NPI),
    Column("covered_recipient_profile_first_name", TEXT),
    Column("covered_recipient_profile_last_name", TEXT),
    Column("covered_recipient_profile_state", CODE),
)

PROFILE_SUPPLEMENT = Contract(
    table="profile_supplement",
    fresh=Freshness(400, "a new copy comes with every yearly release"),
    columns=_PROFILE,
    pattern=r"op_cvrd_rcpnt_prfl",
    layouts=(
        Layout(
            "covered recipient profile supplement",
            {column.name: column.name for column in _PROFILE},
            ("covered_recipient_profile_id", "covered_recipient_npi"),
        ),
    ),
    unique=("covered_recipient_profile_id",),
    others=OTHERS,
)
