"""The Spark session on which dbt builds: local and small unless told otherwise, UTC, the catalogue in memory; and what it cost.

Belongs here: how Spark is set, begun and ended. Not here: what is built on it.
"""

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import SparkSession

from on_spark import functions

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # What the lake holds: timestamps without a zone that mean UTC.
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # A backslash in a pattern is a backslash, as on DuckDB.
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.sql.sources.default": "parquet",
    "spark.sql.legacy.createHiveTableByDefault": "false",
    # A single row of settings is joined to everything.
    "spark.sql.crossJoin.enabled": "true",
    # The files of a source are listed where the statement is planned; a job for it costs more than it saves.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "1000",
}
LOG = Path(__file__).with_name("log4j2.properties").as_uri()
# Where nothing is shuffled into parts the data is small and the time goes into planning: Java's thorough compiler, and a collector of
# garbage that uses more than one core, would not earn what they cost. Room for classes and for what is young spares collections.
SHORT_RUN = (
    " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:MetaspaceSize=256m -XX:ReservedCodeCacheSize=256m -XX:NewRatio=1"
)


def open_session(folder: Path, memory: str, threads: int, partitions: int) -> SparkSession:
    """A session whose tables and scratch files lie in `folder`; on a cluster, the session that its launcher made."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName("fieldscope").master(f"local[{threads}]")
    local = {
        "spark.driver.memory": memory,
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "scratch"),
        "spark.sql.shuffle.partitions": str(partitions),
        "spark.driver.extraJavaOptions": (
            f"-Djava.io.tmpdir={folder / 'scratch'} -Duser.timezone=UTC -Dlog4j2.configurationFile={LOG}"
            + (SHORT_RUN if partitions == 1 else "")
        ),
    }
    for name, value in {**SETTINGS, **local}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    functions.register(session)
    return session


@dataclass(frozen=True)
class Cost:
    """What was spent, Java included: CPU seconds, seconds on the clock, the largest memory of Java or Python."""

    cpu: float
    wall: float
    peak_mb: int

    def __str__(self) -> str:
        return f"{self.wall:.0f} s, {self.cpu:.0f} CPU seconds, {self.peak_mb:,} MB at most"


def end(session: SparkSession, began: float) -> Cost:
    """Stop the session and its Java, whose time and memory the system tells only then. `began` is a reading of time.monotonic()."""
    gateway = session.sparkContext._gateway
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Cost(
        cpu=sum(spent.ru_utime + spent.ru_stime for spent in used),
        wall=time.monotonic() - began,
        peak_mb=max(spent.ru_maxrss for spent in used) // 1024,
    )
