"""The Spark session on which dbt builds: local and small unless told otherwise, UTC, the catalogue in memory.

Belongs here: how Spark is set. Not here: what is built on it.
"""

import os
from pathlib import Path

from pyspark.sql import SparkSession

from on_spark import functions

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # What the lake holds: timestamps without a zone that mean UTC, files of one table that lack younger columns.
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.parquet.mergeSchema": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # A backslash in a pattern is a backslash, as on DuckDB.
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.sql.sources.default": "parquet",
    "spark.sql.legacy.createHiveTableByDefault": "false",
    # A single row of settings is joined to everything.
    "spark.sql.crossJoin.enabled": "true",
}


def open_session(folder: Path, memory: str, threads: int, partitions: int) -> SparkSession:
    """A session whose tables and scratch files lie in `folder`; on a cluster, the session that its launcher made."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName("fieldscope").master(f"local[{threads}]")
    local = {
        "spark.driver.memory": memory,
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "scratch"),
        "spark.sql.shuffle.partitions": str(partitions),
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder / 'scratch'} -Duser.timezone=UTC",
    }
    for name, value in {**SETTINGS, **local}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    functions.register(session)
    return session
