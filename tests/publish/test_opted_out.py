"""Every mart has a decision about physicians who opted out, and the page for compliance prints these decisions and the states' rules."""

import runpy
from pathlib import Path

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.publish import opted_out
from dagster_project.publish.export import Mart, marts_of

PROJECT = Path(__file__).resolve().parents[2]
BUILT = {mart.name: mart for mart in marts_of(warehouse.manifest())}


def test_every_mart_has_a_decision_and_every_decision_a_mart():
    assert set(opted_out.MARTS) == set(BUILT)


@pytest.mark.parametrize("name", sorted(opted_out.MARTS))
def test_a_decision_names_columns_that_are_there(name):
    shown, mart = opted_out.MARTS[name], BUILT[name]
    assert set(shown.figures) <= set(mart.columns)
    assert shown.way != "emptied" or shown.figures
    assert shown.key in {"", opted_out.SUBJECT} | set(mart.columns)
    assert shown.key or shown.way not in ("absent", "emptied")


def test_a_mart_with_a_providers_volume_hides_it():
    """What is named like a volume, trend, score or rank beside an NPI stands under no decision to show it."""
    words = ("volume", "services", "patients", "score", "rank", "tier", "expected_value", "adoption", "percentile")
    bare = [
        f"{name}.{column}"
        for name, mart in BUILT.items()
        for column in mart.columns
        if "npi" in mart.columns
        and any(word in column for word in words)
        and opted_out.MARTS[name].way == "untouched"
        and column not in ("volume_basis",)
    ]
    assert bare == []


def test_who_is_withheld_and_what_plans_were_found_to_do_is_for_compliance():
    audiences = opted_out.audiences(list(BUILT.values()))
    assert {name for name, audience in audiences.items() if audience == "compliance"} == {
        "withheld_targets", "call_plan_audit",
    }  # fmt: skip


def test_the_page_prints_the_decisions_and_the_rules():
    page = runpy.run_path(str(PROJECT / "docs" / "compliance_tables.py"))
    assert page["PAGE"].read_text() == page["written"](), "`make docs` writes it again"


SHOWN = """
    create table withheld_targets (npi varchar, rule varchar);
    insert into withheld_targets values ('1', 'PDRP'), ('2', 'NO_SEE'), ('3', 'STATE_OPT_OUT');
    create table providers (npi varchar, annual_volume double, prior_annual_volume double, volume_trend double,
        volume_direction varchar, is_new_to_family boolean);
    create table blind_spots (subject_type varchar, subject_id varchar);
    insert into providers values ('1', null, null, null, 'unknown', false), ('2', 9, 9, 0.5, 'gaining', true), ('3', null, null, null, 'unknown', false);
    insert into blind_spots values ('provider', '2'), ('rep', '1'), ('territory', '3');
"""


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ("select 1", []),
        ("update providers set annual_volume = 0 where npi = '1'", ["providers.annual_volume shows 1 physicians who opted out"]),
        ("update providers set volume_direction = 'steady' where npi = '3'", ["providers.volume_direction shows 1 physicians who opted out"]),
        ("update providers set is_new_to_family = true where npi = '3'", ["providers.is_new_to_family shows 1 physicians who opted out"]),
        ("insert into blind_spots values ('provider', '3')", ["blind_spots has 1 rows of physicians who opted out"]),
    ],
)  # fmt: skip
def test_what_a_release_shows_against_a_decision_is_told(slip, told):
    with duckdb.connect() as connection:
        connection.execute(SHOWN + slip)
        assert opted_out.shown_figures(connection, [BUILT["providers"], BUILT["blind_spots"]]) == told


def test_a_mart_without_a_decision_is_told():
    with duckdb.connect() as connection:
        unknown = opted_out.shown_figures(connection, [Mart("new_mart", "", {}, {})])
    assert unknown == ["new_mart has no decision; add it to publish/opted_out.py"]
