"""No model decides anything unproved: whatever joins, chooses or counts has a unit test, or stands here with the reason.

Belongs here: which models must have one. Not here: the tests themselves, which stand in each model's twin, nor running them.
"""

import re

import pytest

from dagster_project import warehouse

MANIFEST = warehouse.manifest()
# Staging names and casts alone; what it sorts out is proved at the border.
MODELS = {
    node["name"]: node
    for node in MANIFEST["nodes"].values()
    if node["resource_type"] == "model" and not node["path"].startswith("staging")
}
PROVED = {test["model"] for test in MANIFEST["unit_tests"].values()}
COMMENT = re.compile(r"--[^\n]*|\{#.*?#\}", re.S)
# A mart that no refresh can fill yet chooses nothing.
FILLED_BY_NOTHING = re.compile(r"\bwhere\s+false\b", re.I)
DECIDES = re.compile(r"\b(case|where|join|over|having|union|group\s+by)\b", re.I)
EXEMPT = {
    "int_link_providers": "gathers what others decide; its links are measured on planted truth in tests/linkage",
    "int_specialties_by_taxonomy": "a list of NUCC's codes, read by their longest beginning",
    "int_claim_providers_known": "who is who, cut at the day; proved through int_provider_intervals, which ranks the sources",
    "int_clinicians_known": "the interval that holds tonight, as int_nppes_known proves it",
    "int_paid_providers_known": "the same",
    "int_public_providers_known": "the same",
}


def decides(sql: str) -> bool:
    return bool(DECIDES.search(FILLED_BY_NOTHING.sub("", COMMENT.sub("", sql))))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a as b, cast(c as date) as c from {{ ref('x') }} order by b", False),
        ("-- where nothing is known\nselect cast(null as date) as a\nwhere false", False),
        ("select a from x where a > 0", True),
        ("select a, row_number() over (partition by b order by a) as place from x", True),
        ("select coalesce(x.a, y.a) as a from x left join y on x.b = y.b", True),
    ],
)
def test_a_model_decides_where_it_joins_chooses_or_counts(sql, expected):
    assert decides(sql) is expected


def test_each_decision_is_proved_by_a_unit_test():
    deciding = {name for name, node in MODELS.items() if decides(node["raw_code"])}
    assert len(deciding) > 150
    unproved = sorted(deciding - PROVED - EXEMPT.keys())
    assert not unproved, f"write a unit test of a few literal rows into the twins of {', '.join(unproved)}"


def test_nothing_is_exempt_that_is_gone():
    assert EXEMPT.keys() <= MODELS.keys()
