"""dbt's sources as Spark sees them: a table on the Parquet files that each source names, relative to the lake.

Each table is given its columns, as DuckDB reads them from the files' ends: Spark would look into the files whenever a model names
a source, with a job of its own. `_empty.parquet`, by which the border keeps the columns of a table without rows, is overlooked by
Spark as a file of rows and read here for its columns.
Belongs here: where the lake's tables lie, and what their columns are. Not here: any change to what they hold.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession


class LakeError(Exception):
    """The lake does not hold what a source names."""


def parquet_path(source: Mapping) -> str:
    """The path, relative to the lake, that a source's `external_location` gives to DuckDB."""
    location = source["config"]["meta"]["external_location"]
    return re.search(r"'([^']+)'", location).group(1).format(name=source["name"])


def show_sources(session: SparkSession, manifest: Mapping, lake: Path) -> int:
    """Make every source of the manifest readable under the name that dbt gives it; returns how many."""
    sources = manifest["sources"].values()
    for schema in sorted({source["schema"] for source in sources}):
        session.sql(f"create schema if not exists {schema}")
    for source in sources:
        files = lake / parquet_path(source)
        columns = ", ".join(f"`{name}` {kind}" for name, kind in _columns(files).items())
        table = f"{source['schema']}.`{source['name']}`"
        session.sql(f"create table {table} ({columns}) using parquet options (path '{files}')")
    return len(sources)


def _columns(files: Path) -> dict[str, str]:
    """Every column that one of the files has, in Spark's types."""
    if not any(files.parent.glob(files.name)):
        raise LakeError(f"{files}: the lake has no such file; finish a night of this home first")
    described = duckdb.execute("describe select * from read_parquet(?, union_by_name = true)", [str(files)]).fetchall()
    return {name: _spark_type(kind) for name, kind, *_ in described}


def _spark_type(duckdb_type: str) -> str:
    if duckdb_type.endswith("[]"):
        return f"array<{_spark_type(duckdb_type.removesuffix('[]'))}>"
    return {"VARCHAR": "string", "JSON": "string"}.get(duckdb_type, duckdb_type.lower())
