"""The rival's side of `make bench-marts`: `rival_marts.sql` on the raw files of a lake, into a DuckDB file of its own.

usage: python -m tests.bench.rival_marts LAKE AS_OF TARGET MEMORY_LIMIT [--profile]
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import duckdb

from dagster_project.parquet import quoted

SQL = Path(__file__).with_suffix(".sql")


def main(lake: str, as_of: str, target: str, memory_limit: str, *options: str) -> None:
    Path(target).unlink(missing_ok=True)
    spill = f"{target}.spill"
    with duckdb.connect(target, config={"memory_limit": memory_limit, "temp_directory": spill}) as con:
        con.execute("set enable_progress_bar = false; set preserve_insertion_order = false")
        con.execute(f"set variable as_of = cast({quoted(as_of)} as date); set variable raw = {quoted(f'{lake}/raw')}")
        before, wall = time.process_time(), time.perf_counter()
        for statement in duckdb.extract_statements(SQL.read_text()):
            started = time.process_time()
            con.execute(statement)
            if "--profile" in options:
                print(
                    f"{time.process_time() - started:9.2f}  {' '.join(statement.query.strip().splitlines()[-1].split())[:90]}"
                )
        told = {"cpu_s": round(time.process_time() - before, 2), "wall_s": round(time.perf_counter() - wall, 2)}
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told["database_mb"] = os.path.getsize(target) >> 20
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
