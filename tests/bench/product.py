"""The product's side of the bench: one landing folder over the border, with everything that a night does to it.

usage: python -m tests.bench.product SOURCE LANDING HOME
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

from dagster_project.ingest.border import ingest
from dagster_project.ingest.contents import SOURCES
from dagster_project.settings import Settings

name, landing, settings = sys.argv[1], Path(sys.argv[2]).resolve(), Settings(home=Path(sys.argv[3]).resolve())
source = next(found for found in SOURCES if found.name == name)
settings.paths.prepare()
start = time.perf_counter()
result = ingest(
    source,
    landing,
    settings.paths.lake,
    b"key of the bench",
    settings.duckdb_config(),
    date(2026, 11, 25),
    is_past=False,
)
told = {
    "seconds": round(time.perf_counter() - start, 3),
    "rows": {table: rows for table, rows in result.rows.items() if rows},
    "read": len(result.read),
    "unchanged": len(result.unchanged),
    "refused": {**result.refused, **result.unrecognised},
    "quarantined": {rule: rows for rules in result.quarantined.values() for rule, rows in rules.items()},
}
print(json.dumps(told))
sys.exit(1 if told["refused"] or not told["rows"] else 0)
