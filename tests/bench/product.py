"""The product's side of the bench: landing folders over the border in one process, with everything that a night does to them.

usage: python -m tests.bench.product SOURCE LANDING [SOURCE LANDING ...] HOME
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

from dagster_project.ingest.border import ingest
from dagster_project.ingest.contents import SOURCES
from dagster_project.settings import Settings

*pairs, home = sys.argv[1:]
settings = Settings(home=Path(home).resolve())
settings.paths.prepare()
start = time.perf_counter()
results = [
    ingest(
        next(found for found in SOURCES if found.name == name),
        Path(landing).resolve(),
        settings.paths.lake / f"of-{number}",
        b"key of the bench",
        settings.duckdb_config(),
        date(2026, 11, 25),
        is_past=False,
    )
    for number, (name, landing) in enumerate(zip(pairs[0::2], pairs[1::2], strict=True))
]
told = {
    "seconds": round(time.perf_counter() - start, 3),
    "rows": {table: rows for result in results for table, rows in result.rows.items() if rows},
    "read": sum(len(result.read) for result in results),
    "unchanged": sum(len(result.unchanged) for result in results),
    "refused": {name: why for result in results for name, why in {**result.refused, **result.unrecognised}.items()},
    "quarantined": {
        rule: rows for result in results for rules in result.quarantined.values() for rule, rows in rules.items()
    },
}
print(json.dumps(told))
sys.exit(1 if told["refused"] or not told["rows"] else 0)
