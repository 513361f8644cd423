"""The warehouse as it would be on any day: dbt compiles the project once, its SQL is run for each day.

Belongs here: a build without dbt's own cost, some seconds a night, which lets a test look at many nights. Not here: what is
compared. No model learns of it: the SQL is dbt's, only the day is put in its place.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from dagster_project import warehouse
from dagster_project.parquet import quoted
from dagster_project.settings import Settings

NO_DAY = "1896-02-29"  # stands in the compiled SQL where the day will be
FLOORS = ("features", "marts")


@dataclass(frozen=True)
class Project:
    """The models in the order in which they are built."""

    models: tuple[Mapping, ...]

    def build(self, lake: Path, day: date, target: Path) -> Path:
        """Build every model over `lake` for `day` into a DuckDB file of its own; returns that file."""
        # One thread: on so few rows a second costs more than it brings.
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(f"attach {quoted(target)} as warehouse; use warehouse")
            connection.execute(f"set timezone = 'UTC'; set file_search_path = {quoted(lake)}")
            for schema in sorted({model["schema"] for model in self.models}):
                connection.execute(f"create schema {schema}")
            for model in self.models:
                kind = "view" if model["config"]["materialized"] == "view" else "table"
                sql = model["compiled_code"].replace(NO_DAY, day.isoformat())
                connection.execute(f"create {kind} {model['schema']}.{model['name']} as {sql}")
        return target


def compile_project(home: Path, *selected: str) -> Project:
    """The SQL of the `selected` models as dbt compiles it for an empty warehouse below `home`; that of its tests is not asked for."""
    settings = Settings(home=home)
    settings.paths.prepare()
    settings.paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
    day = ["--vars", json.dumps({"as_of": NO_DAY})]
    result = warehouse.invoke(
        settings, ["compile", *selected, "--indirect-selection", "empty", warehouse.NO_FILES, *day]
    )
    assert result.success, result.exception
    models = {found.node.unique_id: found.node.to_dict() for found in result.result}
    before = {name: set(node["depends_on"]["nodes"]) & set(models) for name, node in models.items()}
    return Project(tuple(models[name] for name in TopologicalSorter(before).static_order()))
