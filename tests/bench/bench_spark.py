"""`python -m tests.bench.bench_spark`: core, features and marts of a share of a country on DuckDB and on Spark, and whether both
say the same, row for row.

Belongs here: who builds what on which lake, and what is printed. Not here: the lake (`nation_lake`), DuckDB's side (`product_marts`),
Spark's side and the comparison (`dbt/on_spark`). Spark's CPU seconds are those of Java and of the Python workers too.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from dagster_project.parquet import quoted, write_query
from tests.bench.bench_ingest import PROJECT
from tests.bench.bench_marts import build, show
from tests.bench.nation_lake import FIRST_NIGHT, lake_of

SPARK = PROJECT / ".venv-spark" / "bin" / "python"


def leave_as_a_night(home: Path) -> None:
    """Write the warehouse's marts and features to where a night leaves them, for Spark's to be compared with."""
    release = home / "published" / "current"
    places = {"marts": release / "parquet", "features": home / "lake" / "features"}
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(home / 'warehouse' / 'warehouse.duckdb')} as warehouse (read_only)")
        for floor, folder in places.items():
            tables = con.execute(
                "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = $1", [floor]
            ).fetchall()
            for (table,) in tables:
                write_query(con, f'select * from warehouse.{floor}."{table}"', folder / f"{table}.parquet")
    refresh = {"as_of": str(FIRST_NIGHT), "refresh_id": f"{FIRST_NIGHT:%Y%m%d}-1"}
    (release / "manifest.json").write_text(json.dumps(refresh))


def on_spark(home: Path, folder: Path, seconds: int, *options: str) -> dict:
    """One build of Spark and its comparison, in a process of its own; ends with an error where it takes too long."""
    told = folder / "told.json"
    command = [str(SPARK), "-m", "on_spark", "--home", str(home), "--told", str(told), "--keep", str(folder / "spark")]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "dbt"), "SPARK_LOCAL_IP": "127.0.0.1"}
    with open(folder / "spark.log", "w") as log:
        try:
            subprocess.run([*command, *options], env=environment, stdout=log, stderr=log, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            sys.exit(f"Spark took more than {seconds} s; how far it came stands in {log.name}")
    if not told.exists():
        sys.exit(f"Spark failed; {folder / 'spark.log'} says why")
    return json.loads(told.read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=PROJECT / "data" / "bench")
    parser.add_argument("--rows", type=float, nargs="+", default=[0.01], help="shares of the country")
    parser.add_argument("--memory", default="4g", help="of Spark's driver; DuckDB is given FIELDSCOPE_MEMORY_LIMIT")
    parser.add_argument("--partitions", default="4", help="parts into which Spark shuffles")
    parser.add_argument("--seconds", type=int, default=1800, help="after which Spark is stopped")
    chosen = parser.parse_args()
    if not SPARK.exists():
        sys.exit("Spark's environment is not there; prepare it first: make .venv-spark/.ready")
    print(f"{'':28}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'disk MB':>9}")
    for share in chosen.rows:
        lake = lake_of(chosen.folder.resolve(), share)
        work = lake.parent.parent / "spark"
        shutil.rmtree(work, ignore_errors=True)
        told = build(work / "home", lake, str(FIRST_NIGHT))
        whole = {unit: told[f"process_{unit}"] for unit in ("cpu_s", "wall_s", "peak_mb")}
        show(f"{share:.0%} DuckDB", {**whole, "warehouse_mb": told["warehouse_mb"]})
        leave_as_a_night(work / "home")
        told = on_spark(
            work / "home", work, chosen.seconds, "--memory", chosen.memory, "--partitions", chosen.partitions
        )
        disk = sum(file.stat().st_size for file in (work / "spark").rglob("*.parquet")) >> 20
        equal = {
            floor: f"{sum(v['equal'] for v in told[floor])} of {len(told[floor])} {floor} equal,"
            f" {sum(v['equal'] and not v['rows'] for v in told[floor])} of them empty"
            for floor in ("marts", "features")
        }
        spark = {"cpu_s": told["cpu"], "wall_s": told["wall"], "peak_mb": told["peak_mb"], "warehouse_mb": disk}
        show(f"{share:.0%} Spark", spark, "; ".join(equal.values()))
        shutil.rmtree(work / "spark")


if __name__ == "__main__":
    main()
