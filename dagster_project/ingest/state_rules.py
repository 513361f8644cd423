"""What states say about prescriber data: shipped with Fieldscope (`reference/state_rules.csv`), and the company's own rules beside it.

Belongs here: the shape of both files, which is the same. Not here: which of two rules holds (`int_state_rules`), and who opted out
under a rule (`company/restrictions.csv`).
"""

from dataclasses import replace

from dagster_project.ingest.contract import Column, Contract, Layout
from dagster_project.ingest.kinds import DATE, LOWER, TEXT, UPPER
from dagster_project.ingest.thresholds import hand_kept

REACHES = ("everyone", "who_opts_out", "not_applied")
_COLUMNS = (
    Column("state", UPPER, is_key=True),
    Column("rule", LOWER, is_key=True),
    Column("reach", LOWER, is_key=True, codes=REACHES),
    Column("effective_from", DATE),
    Column("effective_to", DATE),
    Column("source", TEXT, is_key=True),
    Column("meaning", TEXT),
)

SHIPPED_STATE_RULES = Contract(
    table="state_rules",
    columns=_COLUMNS,
    pattern=r"state_rules",
    layouts=(Layout("state rules", {c.name: c.name for c in _COLUMNS}, ("state", "rule", "reach", "source")),),
    unique=("state", "rule", "effective_from"),
)

# A slip in one row must not lift the rules of the others.
STATE_RULES = replace(
    SHIPPED_STATE_RULES,
    thresholds=hand_kept(),
    allows_no_rows=True,
    tolerated_share=1.0,
    tolerated_because="a slip in one rule must not lift the others",
)
