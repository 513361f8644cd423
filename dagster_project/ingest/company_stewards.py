"""What the company's data stewards decided: which record of the CRM is which provider and which it is not, which breach of a contract is let in.

Belongs here: hand-kept lists that overrule what Fieldscope would find by itself. Not here: lists of people in the field
(`company_field`), and how a link is found where nobody decided (`dbt/models/intermediate/crm`).
"""

from dagster_project.ingest import overrides
from dagster_project.ingest.contract import Column, Contract, Layout, Lookup
from dagster_project.ingest.kinds import CRM_ID, DATE, NPI, TEXT
from dagster_project.ingest.thresholds import hand_kept

_LINK = "link linked match matched same confirm confirmed accept accepted approve approved yes y true 1"
_NO_LINK = "no_link nolink unlink unlinked not_linked no_match nomatch different reject rejected dismiss no n false 0"


def _decision(field: Lookup) -> str:
    """Stewards write `No link`, `no-match` or `reject` and mean the same."""
    word = f"translate(lower(trim({field('decision')})), ' -', '__')"

    def any_of(words: str) -> str:
        return ", ".join(f"'{synonym}'" for synonym in words.split())

    return f"case when {word} in ({any_of(_LINK)}) then 'link' when {word} in ({any_of(_NO_LINK)}) then 'no_link' else {field('decision')} end"


_DECISIONS = (
    Column("contact_id", CRM_ID, is_key=True),
    Column("npi", NPI),
    Column("decision", TEXT, is_key=True, codes=("link", "no_link")),
    Column("reason", TEXT),
    Column("decided_on", DATE),
    Column("decided_by", TEXT),
)

LINK_DECISIONS = Contract(
    table="link_decisions",
    columns=_DECISIONS,
    pattern=r"link_decisions",
    layouts=(
        Layout(
            "link decisions",
            {column.name: column.name for column in _DECISIONS} | {"decision": _decision},
            ("contact_id", "npi", "decision"),
        ),
    ),
    # Without an NPI only `no_link` says something: that the contact is no provider at all.
    rules=(("missing_key", "npi", "coalesce(trim(npi__text), '') = '' and decision = 'link'"),),
    swaps=(("contact_id", "npi"),),
    thresholds=hand_kept(),
    allows_no_rows=True,
    tolerated_share=1.0,
    tolerated_because="a slip in one decision must not undo the others",
)

OVERRIDES = Contract(
    table="overrides",
    columns=tuple(
        Column(name, DATE if name == "approved_on" else TEXT, is_key=name != "content_hash")
        for name in overrides.COLUMNS
    ),
    pattern=r"overrides",
    layouts=(
        Layout(
            "overrides",
            {name: name for name in overrides.COLUMNS},
            ("file", "rule", "approved_by", "approved_on", "reason"),
        ),
    ),
    thresholds=hand_kept(),
    allows_no_rows=True,
)
