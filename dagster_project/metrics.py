"""The semantic layer on what is published: MetricFlow asks the newest release, so a question never waits for a night nor disturbs one.

The project's metrics name the warehouse of dbt; here their tables are those of the published file, by the same names. Belongs here:
that file as MetricFlow's database, and `mf`'s own commands on it. Not here: what a metric means (dbt/models/marts/semantic).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from dagster_project import warehouse
from dagster_project.parquet import quoted

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow_semantic_interfaces.protocols.semantic_manifest import SemanticManifest

PUBLISHED = "fieldscope"
# The days on which a running total is laid, as dbt's `int_calendar_days` holds them in the warehouse.
CALENDAR = f"""
    create view memory.main.int_calendar_days as
    select cast(unnest(generate_series(day - 9269, day + 730, interval 1 day)) as date) as calendar_on
    from (select max(as_of) as day from {PUBLISHED}.refresh_log)
"""


class NothingPublished(Exception):
    """There is no release yet that could be asked."""


class PublishedDatabase:
    """One release as MetricFlow's SQL client: read only, and whole, however often a new one is published meanwhile."""

    def __init__(self, release: Path):
        from metricflow.protocols.sql_client import SqlEngine
        from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer

        self.sql_engine_type = SqlEngine.DUCKDB
        self.sql_plan_renderer = DuckDbSqlPlanRenderer()
        self._connection = duckdb.connect()
        self._connection.execute(f"attach {quoted(release / 'fieldscope.duckdb')} as {PUBLISHED} (read_only)")
        self._connection.execute(CALENDAR)

    def query(self, stmt: str, sql_bind_parameter_set=None):
        from metricflow.data_table.mf_table import MetricFlowDataTable

        answer = self._connection.execute(stmt)
        return MetricFlowDataTable.create_from_rows([column[0] for column in answer.description], answer.fetchall())

    def execute(self, stmt: str, sql_bind_parameter_set=None) -> None:
        self._connection.execute(stmt)

    def dry_run(self, stmt: str, sql_bind_parameter_set=None) -> None:
        self._connection.execute(f"explain {stmt}")

    def close(self) -> None:
        self._connection.close()

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        return f"${bind_parameter_key}"


def engine(published: Path) -> MetricFlowEngine:
    """MetricFlow over the release to which `published` leads now. Raises `NothingPublished`."""
    from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest

    release = published.resolve()
    if not (release / "fieldscope.duckdb").exists():
        raise NothingPublished(f"nothing is published in {published.parent} yet: `fieldscope run` does")
    manifest = parse_manifest_from_dbt_generated_manifest(json.dumps(published_manifest()))
    return engine_over(manifest, PublishedDatabase(release))


def engine_over(manifest: SemanticManifest, database: PublishedDatabase | None = None) -> MetricFlowEngine:
    """MetricFlow over metrics and a database; without one it can be asked what may be asked, and nothing else."""
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    return MetricFlowEngine(SemanticManifestLookup(manifest), database)  # ty: ignore[invalid-argument-type]


def published_manifest() -> dict:
    """dbt's semantic manifest, its marts named as in the published file and its calendar as here."""
    manifest = json.loads(warehouse.prepared().semantics)
    for model in manifest["semantic_models"]:
        _place(model["node_relation"], PUBLISHED)
    for spine in manifest["project_configuration"]["time_spines"]:
        _place(spine["node_relation"], "memory")
    return manifest


def _place(relation: dict, database: str) -> None:
    name = relation["alias"]
    relation |= {"database": database, "schema_name": "main", "relation_name": f"{database}.main.{name}"}


def run_command(arguments: Sequence[str], published: Path) -> None:
    """`mf query …` and `mf list …` on the published release; ends with their exit code.

    `mf`'s own start, which looks for a newer version on the network and at dbt's warehouse, is left out. So is the log to which it
    points where a question cannot be answered: what it says of the question is enough.
    """
    import logging

    import click
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration
    from dbt_metricflow.cli.main import list_command_group, query

    class Configured(CLIConfiguration):
        is_setup = False
        mf = engine(published)

        def setup(self, *_: object, **__: object) -> None:
            """Nothing is left to be set up."""

    commands = click.Group("metrics", commands={"query": query, "list": list_command_group})
    disabled = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        commands.main(list(arguments), prog_name="fieldscope metrics", obj=Configured())
    finally:
        logging.disable(disabled)
