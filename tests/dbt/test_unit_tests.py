"""Every rule that decides is proved on a few literal rows: all of dbt's unit tests, run on a warehouse that holds no row.

A unit test reads the columns of its inputs from the warehouse, so these are built first, over a lake of empty files with the types of
real ones.
"""

import json
from datetime import date, datetime
from importlib import import_module

import duckdb
import pandas as pd

from dagster_project import history, warehouse
from dagster_project.ingest.border import raw_schema
from dagster_project.parquet import write_frame, write_query
from dagster_project.refresh import Identity
from dagster_project.settings import Home, Settings

DAY = date(2026, 6, 30)
CAPABILITIES = (
    "volume", "targeting", "allocation", "alignment", "blind_spots", "forecasting", "territories", "compliance",
)  # fmt: skip


def write_empty_lake(home: Home) -> None:
    with duckdb.connect() as connection:
        for (source, table), types in raw_schema().items():
            columns = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in types.items())
            write_query(connection, f"select {columns} limit 0", home.raw / source / table / "_empty.parquet")
    history.write_earlier(home, DAY)
    history.write_refreshes(home, Identity("20260630-1", DAY, datetime(2026, 6, 30, 20), "test"))
    for capability in CAPABILITIES:
        for table, types in import_module(f"models_ml.{capability}").OUTPUTS.items():
            write_frame(pd.DataFrame(columns=list(types)), types, home.ml / capability / f"{table}.parquet")


def test_all_unit_tests_pass_and_none_is_left_out(tmp_path):
    settings = Settings(home=tmp_path)
    settings.paths.prepare()
    write_empty_lake(settings.paths)
    variables = ["--vars", json.dumps({"as_of": DAY.isoformat()})]
    # First all that they read, then the tests: `build` would leave out whatever reads a model whose test fails.
    built = warehouse.invoke(settings, ["run", "--select", "+test_type:unit", *variables])
    assert built.success, built.exception or [f"{r.node.name}: {r.message}" for r in built.result if r.message]
    tested = warehouse.invoke(settings, ["test", "--select", "test_type:unit", *variables])
    assert tested.result, tested.exception
    failed = [
        f"{r.node.name} ({r.node.original_file_path}): {r.status}\n{r.message}"
        for r in tested.result
        if r.status != "pass"
    ]
    assert not failed, "\n\n".join(failed)
    assert {r.node.unique_id for r in tested.result} == set(warehouse.manifest()["unit_tests"])
