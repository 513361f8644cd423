"""Tables are kept from night to night while nothing that they are built of has changed, and whatever happened in between, a night
holds what a full build of that night holds. See dbt/README.md, "Kept from night to night".
"""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from dbt.contracts.graph.manifest import Manifest

from dagster_project import warehouse
from tests.dbt.kept_happenings import (
    HAPPENED,
    begin_earlier,
    deliver_for_later_and_call,
    deliver_once_more,
    deliver_too_late_and_decide,
    die_half_way,
    only_a_day_passes,
    restate_and_rename,
    restate_one_of_several,
    wait_longer_for_lines,
    withdraw_and_go_back,
)
from tests.dbt.kept_land import DAY, Land, rows_of


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Land:
    """A first night; nothing is built upon it in its own place."""
    return Land.begun(tmp_path_factory.mktemp("land"))


@pytest.fixture
def land(begun, tmp_path) -> Land:
    """The home of the first night, for one test alone."""
    return begun.copy(tmp_path)


def kept_whole(said: dict[str, str]) -> set[str]:
    return {model for model, message in said.items() if message == "KEPT"}


def all_kept() -> set[str]:
    wanted = warehouse.manifest()["nodes"].values()
    return {node["name"] for node in wanted if node["config"].get("materialized") == "table"}


def test_the_same_night_again_keeps_every_such_table_and_what_the_contract_of_a_mart_asks(land):
    kept = kept_whole(land.build(DAY))
    built = {name for (name,) in rows_of(land, "select table_name from duckdb_tables()")}
    assert kept == all_kept() & built
    assert {"int_general_payments", "int_claim_services", "provider_payments", "calls"} <= kept
    asked = "select constraint_column_names from duckdb_constraints() where table_name = 'calls' and constraint_type = 'NOT NULL'"
    assert (["call_id"],) in rows_of(land, asked)


def test_rows_that_are_compared_have_a_key_that_is_tested():
    nodes = warehouse.manifest()["nodes"].values()
    unique = {
        (node["attached_node"], tuple(node["test_metadata"]["kwargs"].get("columns") or [node["column_name"]]))
        for node in nodes
        if node["resource_type"] == "test"
        and node.get("test_metadata", {}).get("name") in ("primary_key", "unique", "unique_combination")
    }
    compared = {
        (node["unique_id"], tuple(node["config"]["meta"]["kept_by_row"]["key"]))
        for node in nodes
        if "kept_by_row" in node["config"].get("meta", {})
    }
    assert compared
    assert compared <= unique


@pytest.fixture(scope="module")
def said_after(begun, tmp_path_factory) -> Callable[[Callable], tuple[dict[str, str], Land]]:
    """What dbt says of each model in the night after something happened, and the land then; a night comes once, all before it come first."""
    land = begun.copy(tmp_path_factory.mktemp("happened"))
    said: dict[Callable, dict[str, str]] = {}

    def lived(happened: Callable) -> tuple[dict[str, str], Land]:
        for earlier in HAPPENED[len(said) : HAPPENED.index(happened) + 1]:
            said[earlier] = land.night(earlier(land))
        return said[happened], land

    return lived


@pytest.mark.parametrize(
    ("happened", "still_kept", "built_anew", "in_part"),
    [
        (
            restate_and_rename,
            {"int_public_provider_intervals"},
            {"int_claim_services", "provider_payments"},
            {"int_provider_intervals": "GROWN"},
        ),
        (withdraw_and_go_back, set(), {"int_claim_services", "int_general_payments", "provider_payments"}, {}),
        (die_half_way, set(), {"int_general_payments", "provider_payments", "features_provider_months"}, {}),
        (
            deliver_for_later_and_call,
            {"int_claim_services", "int_patients_of_months", "int_patients_of_years", "int_general_payments"},
            {"int_nppes_intervals", "int_calls", "features_provider_months"},
            {
                "int_claim_lines_dated": "GROWN",
                "int_diagnoses_matched": "GROWN",
                "int_provider_payment_totals": "GROWN",
                "int_crm_activities_united": "COMPARED",
                "calls": "COMPARED",
            },
        ),
        (
            deliver_too_late_and_decide,
            {"int_general_payments"},
            {"int_nppes_intervals", "int_volume_by_snapshot", "int_calls", "features_provider_months"},
            {
                "int_claim_lines_dated": "GROWN",
                "int_diagnoses_matched": "GROWN",
                "int_patients_of_years": "KEPT BUT 1",
                "int_patients_publishable": "KEPT BUT 1",
                # And the published year, whose months are estimated by a season that the lines have changed.
                "provider_trajectories": "KEPT BUT 2",
            },
        ),
        (
            wait_longer_for_lines,
            {"int_public_provider_intervals"},
            {"int_claim_services", "int_volume_by_snapshot"},
            {},
        ),
        (
            deliver_once_more,
            {
                "int_general_payments",
                "int_link_register",
                "int_public_provider_checks",
                "int_contracts_by_snapshot",
                "int_provider_facility_years",
            },
            set(),
            {
                "provider_procedures": "KEPT BUT 1",
                "int_provider_years": "KEPT BUT 1",
                "int_territory_family_market": "KEPT BUT 1",
                "int_claim_lines_dated": "GROWN",
                "int_diagnoses_matched": "GROWN",
                "int_claim_files_checked": "GROWN",
                "int_claim_days_delivered": "GROWN",
                "int_claim_services": "KEPT BUT 1",
                "int_provider_claim_months": "KEPT BUT 1",
                "features_volume_months": "KEPT BUT 1",
            },
        ),
        (
            restate_one_of_several,
            {"int_general_payments"},
            set(),
            {
                "int_claim_lines_dated": "GROWN",
                "int_diagnoses_matched": "GROWN",
                "int_claim_services": "KEPT BUT 1",
                # Tonight alone: of the ends of May and June nothing is known otherwise.
                "int_volume_by_snapshot": "KEPT BUT 1",
                "features_provider_diagnoses": "KEPT BUT 1",
            },
        ),
        (
            begin_earlier,
            {"int_general_payments"},
            set(),
            {
                "int_claim_lines_dated": "GROWN",
                "int_diagnoses_matched": "GROWN",
                "int_claim_services": "KEPT BUT 1",
                # All months of the year.
                "provider_procedures": "KEPT BUT 12",
            },
        ),
    ],
    ids=[
        "a restated file, other families and relations",
        "a file withdrawn, and an earlier day",
        "a night killed",
        "a file of a later day, and a call",
        "a file that came too late, a steward's decision, a refusal",
        "another lag, and a day on which lines become known",
        "a file of other claims",
        "a file that restates one line of a month",
        "a file of lines before the first",
    ],
)
def test_whatever_happened_a_night_holds_what_a_full_build_holds(
    said_after, happened: Callable, still_kept: set[str], built_anew: set[str], in_part: dict[str, str]
):
    said, _ = said_after(happened)
    assert still_kept <= kept_whole(said)
    assert not built_anew & kept_whole(said)
    assert {model: said[model] for model in in_part} == in_part
    grown = {"int_claim_lines_dated", "int_diagnoses_matched"}
    assert {model for model in grown if said[model] == "GROWN"} == grown & set(in_part)


def test_a_day_is_built_alone_when_all_before_it_stand(said_after):
    """Tonight's day comes, yesterday's goes; the month-ends before them, and there are some, are not touched."""
    said, land = said_after(only_a_day_passes)
    assert {
        "int_nppes_intervals",
        "int_claim_days_delivered",
        "int_claim_lines_dated",
        "int_claim_services",
        "int_claim_patients",
        "int_providers_registered",
        "int_public_releases_dated",
        "int_payment_releases_dated",
    } <= kept_whole(said)
    by_day = {
        "int_volume_by_snapshot",
        "int_activity_by_snapshot",
        "features_provider_months",
        "int_contracts_by_snapshot",
    }
    assert {said[model] for model in by_day} == {"KEPT BUT 2"}
    assert said["int_provider_payment_totals"] == "GROWN"
    assert rows_of(land, "select npi from intermediate.int_provider_payment_totals") == [("1234567893",)]
    assert said["int_patients_publishable"] == "KEPT BUT 1"
    assert rows_of(land, "select territory_id, is_current from marts.provider_territories order by 1") == [
        ("T1", False),
        ("T2", True),
    ]
    days = "select count(distinct snapshot_on) from features.features_provider_months where volume_12m > 0 and calls_12m > 0"
    assert rows_of(land, days)[0][0] > 3


def test_a_model_that_fails_leaves_the_table_of_the_night_before(land):
    file = land.home.paths.raw / "open_payments" / "general" / "payments.parquet"
    content, before = file.read_bytes(), rows_of(land, "from intermediate.int_general_payments order by all")
    assert before
    file.write_text("no table")
    models = ["--select", "int_general_payments", "--vars", json.dumps({"as_of": str(DAY)})]
    assert not warehouse.invoke(land.home, ["run", *models]).success
    assert rows_of(land, "from intermediate.int_general_payments order by all") == before
    file.write_bytes(content)
    assert warehouse.invoke(land.home, ["run", *models]).success


def test_a_model_that_was_changed_is_built_anew(land, monkeypatch):
    """Its SQL is all that differs from the night before."""
    select = ["--select", "int_payment_releases", "--vars", json.dumps({"as_of": str(DAY)})]
    as_it_was = warehouse.invoke(land.home, ["run", *select]).result.results
    assert [r.message for r in as_it_was] == ["KEPT"]
    changed = Manifest.from_msgpack(warehouse.prepared().saved)
    model = changed.nodes["model.fieldscope.int_payment_releases"]
    model.raw_code = f"select * from ({model.raw_code}) as told where false"
    prepared = replace(warehouse.prepared(), saved=changed.to_msgpack())
    monkeypatch.setattr(warehouse, "prepared", lambda: prepared)
    assert [r.message for r in warehouse.invoke(land.home, ["run", *select]).result.results] != ["KEPT"]
    assert rows_of(land, "from intermediate.int_payment_releases") == []


def test_a_full_refresh_keeps_nothing(land):
    result = warehouse.invoke(
        land.home,
        ["run", "--full-refresh", "--select", "int_general_payments", "--vars", json.dumps({"as_of": str(DAY)})],
    )
    assert [r.message for r in result.result] != ["KEPT"]
