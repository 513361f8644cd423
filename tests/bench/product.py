"""The product's side of the bench: one landing folder over the border, with everything that a night does to it.

usage: python -m tests.bench.product SOURCE LANDING LAKE
"""

import json
import resource
import sys
import time
from pathlib import Path

from dagster_project.ingest.border import ingest
from dagster_project.ingest.contents import SOURCES
from dagster_project.settings import Settings

source, landing, lake = sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve()
config = Settings(home=lake.parent).duckdb_config()
start = time.perf_counter()
result = ingest(next(found for found in SOURCES if found.name == source), landing, lake, b"key of the bench", config)
told = {
    "seconds": round(time.perf_counter() - start, 3),
    "rows": result.rows,
    "read": len(result.read),
    "unchanged": len(result.unchanged),
    "refused": result.refused,
    "quarantined": {rule: rows for rules in result.quarantined.values() for rule, rows in rules.items()},
    "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
}
print(json.dumps(told))
sys.exit(1 if result.refused or result.unrecognised else 0)
