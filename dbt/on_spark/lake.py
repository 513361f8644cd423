"""dbt's sources as Spark sees them: a view on the Parquet files that each source names, relative to the lake.

Belongs here: where the lake's tables lie. Not here: any change to what they hold.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession


def parquet_path(source: Mapping) -> str:
    """The path, relative to the lake, that a source's `external_location` gives to DuckDB."""
    location = source["config"]["meta"]["external_location"]
    return re.search(r"'([^']+)'", location).group(1).format(name=source["name"])


def show_sources(session: SparkSession, manifest: Mapping, lake: Path) -> int:
    """Make every source of the manifest readable under the name that dbt gives it; returns how many."""
    for source in manifest["sources"].values():
        files = lake / parquet_path(source)
        session.sql(f"create schema if not exists {source['schema']}")
        session.sql(f"create or replace view {source['schema']}.`{source['name']}` as {_query(files)}")
    return len(manifest["sources"])


def _query(files: Path) -> str:
    """What reads the files of a table. Spark overlooks `_empty.parquet`, by which the border keeps the columns of a table without rows."""
    found = sorted(files.parent.glob(files.name))
    if not found:
        raise FileNotFoundError(f"{files}: the lake has no such file; finish a night of this home first")
    if any(not file.name.startswith("_") for file in found):
        return f"select * from parquet.`{files}`"
    columns = duckdb.execute("describe select * from read_parquet(?)", [str(found[0])]).fetchall()
    return "select " + ", ".join(f"cast(null as {_spark_type(c[1])}) as `{c[0]}`" for c in columns) + " where false"


def _spark_type(duckdb_type: str) -> str:
    if duckdb_type.endswith("[]"):
        return f"array<{_spark_type(duckdb_type.removesuffix('[]'))}>"
    return {"VARCHAR": "string", "JSON": "string"}.get(duckdb_type, duckdb_type.lower())
