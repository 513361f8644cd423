"""Commercial claim lines in the Tuva Project's `medical_claim` layout: one row a claim line and restatement.

The patient identifier enters as a keyed hash only. A negative amount or quantity is a reversal, legal here.
"""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import (
    COUNT,
    DATE,
    DRG,
    HCPCS,
    ICD,
    ID,
    LOWER,
    MONEY,
    NPI,
    PERSON,
    PLACE,
    TEXT,
    UPPER,
    amount,
)
from dagster_project.ingest.thresholds import Threshold

_DIAGNOSES = tuple(f"diagnosis_code_{place}" for place in range(1, 11))

_COLUMNS = (
    Column("claim_id", ID, is_key=True),
    Column("claim_line_number", COUNT, is_key=True),
    Column("claim_type", LOWER, codes=("professional", "institutional", "dental", "vision", "undetermined")),
    Column("person_key", PERSON, is_key=True),
    Column("claim_start_date", DATE),
    Column("claim_line_start_date", DATE),
    Column("place_of_service_code", PLACE),
    Column("ms_drg_code", DRG),
    Column("hcpcs_code", HCPCS, longest=5),
    Column("hcpcs_modifier_1", UPPER),
    Column("service_unit_quantity", amount(18, 3)),
    Column("rendering_npi", NPI),
    Column("billing_npi", NPI),
    Column("facility_npi", NPI),
    *(Column(name, ICD) for name in _DIAGNOSES),
    Column("paid_amount", MONEY),
    Column("data_source", TEXT),
    Column("file_date", DATE),
)

_NEEDED = (
    "claim_id",
    "claim_line_number",
    "claim_type",
    "person_key",
    "claim_line_start_date",
    "hcpcs_code",
    "service_unit_quantity",
    "rendering_npi",
    "paid_amount",
)

MEDICAL_CLAIM = Contract(
    table="medical_claim",
    fresh=Freshness(
        62,
        "claim lines come every month; one delivery may be late",
        "coalesce(claim_line_start_date, claim_start_date)",
    ),
    columns=_COLUMNS,
    pattern=r"medical_claim",
    layouts=(
        Layout(
            "Tuva medical_claim",
            {column.name: column.name for column in _COLUMNS}
            | {"person_key": ("person_id", "patient_id"), "ms_drg_code": ("ms_drg_code", "drg_code")},
            _NEEDED,
        ),
    ),
    unique=("claim_id", "claim_line_number", "file_date", "data_source"),
    rules=(
        # A written date that is none breaks `not_a_date`.
        (
            "missing_key",
            "claim_line_start_date",
            "claim_line_start_date is null and claim_start_date is null"
            " and coalesce(trim(claim_line_start_date__text), '') = '' and coalesce(trim(claim_start_date__text), '') = ''",
        ),
        ("date_in_future", "claim_line_start_date", "claim_line_start_date > coalesce(file_date, told_released_on)"),
        ("date_in_future", "claim_start_date", "claim_start_date > coalesce(file_date, told_released_on)"),
    ),
    swaps=(
        ("rendering_npi", "claim_line_start_date"),
        ("claim_line_start_date", "paid_amount"),
        ("rendering_npi", "paid_amount"),
    ),
    others=r"^(member|payer|plan|claim|admi|discharge|bill|apr|revenue|hcpcs|rendering|billing|facility|paid|total|allowed"
    r"|charge|co|deductible|diagnosis|procedure|in_network|data|file|ingest|tuva|person|patient)",
    thresholds=(
        Threshold(
            "reversed_share",
            "reversals are the exception; where most amounts are negative, the sign was turned round",
            at_most=0.5,
            severity="warn",
            share_of="paid_amount < 0",
        ),
        Threshold(
            "line_within_claim_share",
            "a line is served on or after its claim's first day; otherwise the two dates changed places",
            at_least=0.9,
            severity="warn",
            share_of="claim_line_start_date >= claim_start_date",
        ),
    ),
    dated_by="coalesce(claim_line_start_date, claim_start_date)",
    dollars="paid_amount",
    provider="rendering_npi",
)
