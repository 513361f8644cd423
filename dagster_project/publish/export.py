"""Write the marts of the warehouse into a release folder: one DuckDB file and one Parquet file a mart.

Belongs here: the copying, in the order of each mart's first columns, with its descriptions. Not here: checks (`audit`), the swap (`release`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dagster_project.parquet import quoted, write_query


@dataclass(frozen=True)
class Mart:
    """A published table: its name, its columns with types as promised, and what they mean."""

    name: str
    description: str
    columns: Mapping[str, str]
    column_descriptions: Mapping[str, str]


def marts_of(manifest: Mapping) -> list[Mart]:
    """The marts that the dbt manifest promises, by name."""
    nodes = (n for n in manifest["nodes"].values() if n["resource_type"] == "model" and n["fqn"][1] == "marts")
    return sorted(
        (
            Mart(
                node["name"],
                node["description"],
                {name: column["data_type"] for name, column in node["columns"].items()},
                {name: column["description"] for name, column in node["columns"].items()},
            )
            for node in nodes
        ),
        key=lambda mart: mart.name,
    )


def write_database(warehouse: Path, target: Path, marts: list[Mart], config: dict) -> None:
    """Copy every mart into a new DuckDB file's schema `main`, with table and column comments."""
    with duckdb.connect(str(target), config={**config, "preserve_insertion_order": True}) as connection:
        connection.execute(f"attach {quoted(warehouse)} as warehouse (read_only)")
        for mart in marts:
            connection.execute(
                f'create table "{mart.name}" as select * from warehouse.marts."{mart.name}" order by all'
            )
            connection.execute(f'comment on table "{mart.name}" is {quoted(mart.description)}')
            for column, text in mart.column_descriptions.items():
                connection.execute(f'comment on column "{mart.name}"."{column}" is {quoted(text)}')
        connection.execute("detach warehouse")


def complete_refresh_log(target: Path, refresh_id: str, facts: Mapping, config: dict) -> None:
    """Fill the running refresh's own row: its end, its row counts, what was missing and changed, which models spoke."""
    with duckdb.connect(str(target), config=config) as connection:
        connection.execute(
            "update refresh_log set ended_at = ?, status = 'published', rows = ?, missing_sources = ?, changes = ?,"
            " model_versions = ? where refresh_id = ?",
            [
                datetime.now(UTC).replace(tzinfo=None),
                json.dumps(facts["rows"], sort_keys=True),
                json.dumps(facts["missing_sources"]),
                json.dumps(facts["changes"], ensure_ascii=False),
                json.dumps(facts["model_versions"], sort_keys=True),
                refresh_id,
            ],
        )


def write_parquet(database: Path, folder: Path, marts: list[Mart], config: dict) -> dict[str, int]:
    """Write each table of the finished database to `folder`; returns rows by mart."""
    with duckdb.connect(
        str(database), read_only=True, config={**config, "preserve_insertion_order": True}
    ) as connection:
        return {
            mart.name: write_query(connection, f'select * from "{mart.name}"', folder / f"{mart.name}.parquet")
            for mart in marts
        }


def row_counts(database: Path, marts: list[Mart], config: dict) -> dict[str, int]:
    """Rows by mart, counted in the database."""
    with duckdb.connect(str(database), read_only=True, config=config) as connection:
        return {mart.name: connection.execute(f'select count(*) from "{mart.name}"').fetchone()[0] for mart in marts}
