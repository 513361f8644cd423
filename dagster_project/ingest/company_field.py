"""What the company's field tells: its answers to the target list, and from where and how long its reps travel.

Belongs here: hand-kept or exported lists of people in the field. Not here: how the company sees its market (`company`).
"""

from dagster_project.ingest.contract import Column, Contract, Layout
from dagster_project.ingest.kinds import COUNT, CRM_ID, DATE, LOWER, NPI, TEXT, ZIP5, amount
from dagster_project.ingest.thresholds import hand_kept

_FEEDBACK = (
    Column("npi", NPI, is_key=True),
    Column("rep_id", CRM_ID),
    Column("decision", LOWER, is_key=True, codes=("accept", "dismiss", "challenge", "approve")),
    Column("reason", TEXT),
    Column("decided_on", DATE, is_key=True),
    Column("decided_by", TEXT),
)
_TRAVEL = (
    Column("rep_id", CRM_ID, is_key=True),
    Column("start_zip5", ZIP5),
    Column("end_zip5", ZIP5),
    Column("workday_minutes", COUNT),
    Column("minutes_per_call", amount(9, 2)),
)

TARGET_FEEDBACK = Contract(
    table="target_feedback",
    columns=_FEEDBACK,
    pattern=r"target_feedback",
    layouts=(
        Layout("target feedback", {c.name: c.name for c in _FEEDBACK}, ("npi", "rep_id", "decision", "decided_on")),
    ),
    swaps=(("npi", "decided_on"),),
    thresholds=hand_kept(),
    allows_no_rows=True,
    tolerated_share=1.0,
    tolerated_because="a slip in one answer must not silence the others",
)
TRAVEL = Contract(
    table="travel",
    columns=_TRAVEL,
    pattern=r"travel",
    layouts=(Layout("travel", {c.name: c.name for c in _TRAVEL}, ("rep_id", "start_zip5")),),
    unique=("rep_id",),
    thresholds=hand_kept(),
    allows_no_rows=True,
    tolerated_share=1.0,
    tolerated_because="a slip in one rep's line must not take the others' travel away",
)
