"""Column lineage: every column of the warehouse is traced to the landing zone's own columns, or said not to be."""

import dagster as dg
import pytest

from dagster_project import warehouse
from dagster_project.assets.columns import sentence
from dagster_project.definitions import defs
from dagster_project.lineage import column_lineage, lake_tables, origins, trace

TABLES = {"raw/crm/visits": ["id", "day", "minutes"]}


@pytest.fixture(scope="module")
def traces():
    return column_lineage()


def traced(*models: str, last: str = "marts/visits"):
    places = [f"intermediate/step_{number}" for number in range(len(models) - 1)] + [last]
    return trace(dict(zip(places, models, strict=True)), TABLES)


def test_a_renamed_and_computed_column_leads_back_through_every_step():
    found = traced(
        "with source as (select * from read_parquet('raw/crm/visits/*.parquet')) select id as visit_id, minutes from source",
        'select visit_id, minutes / 60 as hours from "w"."intermediate"."step_0"',
    )
    assert found["marts/visits"]["hours"] == [("intermediate/step_0", "minutes")]
    assert origins(found, "marts/visits", "visit_id") == {("raw/crm/visits", "id")}


def test_both_sides_of_a_union_and_each_part_of_a_decision_count():
    found = traced(
        "select case when minutes > 0 then day end as seen_on from read_parquet('raw/crm/visits/*.parquet')"
        " union all select id from read_parquet('raw/crm/visits/*.parquet')",
    )
    assert found["marts/visits"]["seen_on"] == [("raw/crm/visits", name) for name in ("day", "id", "minutes")]


def test_a_constant_and_a_count_of_rows_are_made_of_no_column():
    found = traced("select 'call' as kind, count(*) as visits from read_parquet('raw/crm/visits/*.parquet')")
    assert found["marts/visits"] == {"kind": [], "visits": []}
    assert "no column" in sentence("marts/visits", "kind", found)


@pytest.mark.parametrize(
    "sql", ["select id from (select * from read_parquet('raw/unheard/of/*.parquet')) as t", "select from where"]
)
def test_what_the_sql_does_not_tell_is_unknown_and_never_left_out(sql):
    columns = traced(sql)["marts/visits"]
    assert set(columns.values()) == {None}
    assert "does not tell" in sentence("marts/visits", next(iter(columns)), {"marts/visits": columns})


def test_every_column_of_every_model_is_traced(traces):
    models = {
        f"{n['fqn'][1]}/{n['name']}": n for n in warehouse.manifest()["nodes"].values() if n["resource_type"] == "model"
    }
    assert set(traces) == set(models)
    unknown = [
        f"{table}.{name}" for table, columns in traces.items() for name, found in columns.items() if found is None
    ]
    assert unknown == []
    lost = [f"{t}.{name}" for t, node in models.items() for name in node["columns"] if name not in traces[t]]
    assert lost == [], "described columns that the SQL does not give"


def test_every_trace_ends_in_a_column_of_the_lake(traces):
    lake = lake_tables()
    ends = {end for table, columns in traces.items() for name in columns for end in origins(traces, table, name)}
    assert [f"{t}.{c}" for t, c in sorted(ends) if c not in lake.get(t, [])] == []
    assert {table.split("/")[0] for table, _ in ends} == {"raw", "ml"}


@pytest.mark.parametrize(
    ("table", "column", "begins"),
    [
        (
            "marts/providers",
            "annual_volume",
            [
                "raw/claims/medical_claim.service_unit_quantity",
                "raw/claims/provider_service.tot_srvcs",
                "raw/claims/part_d.tot_clms",
            ],
        ),
        ("marts/provider_payments", "amount_usd", ["raw/open_payments/general.total_amount_of_payment_usdollars"]),
        ("marts/orders", "amount_usd", ["raw/salesforce/order_item.quantity", "raw/salesforce/order_item.unitprice"]),
        ("marts/facilities", "name", ["raw/registry/hospital_general.facility_name"]),
        ("marts/target_scores", "adoption_probability", ["ml/targeting/scores.adoption_probability"]),
    ],
)
def test_what_a_reader_asks_for_leads_to_the_delivered_columns(traces, table, column, begins):
    found = {f"{place}.{name}" for place, name in origins(traces, table, column)}
    assert set(begins) <= found


def test_the_page_shows_each_columns_lineage_between_assets_of_the_graph(traces):
    graph = defs.resolve_asset_graph()
    for table, columns in traces.items():
        node = graph.get(dg.AssetKey(table.split("/")))
        shown = node.metadata["dagster/column_lineage"].deps_by_column
        assert set(shown) == {name for name, found in columns.items() if found}
        assert {dep.asset_key for deps in shown.values() for dep in deps} <= node.parent_keys
        described = node.metadata["dagster/column_schema"].columns
        assert [column.name for column in described] == list(columns)
        assert all("ade " in column.description for column in described)
