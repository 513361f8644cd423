"""The stricter rival: plain DuckDB that writes exactly the columns that we store, and neither numbers, judges nor parts a row.

usage: python -m tests.bench.rival LAYOUT FILE TARGET

Like the product it takes the SHA-256 of the file, hashes patient identifiers and counts what DuckDB could not read.
"""

import csv
import hashlib
import json
import sys

import duckdb

from dagster_project.ingest.contents import SOURCES
from dagster_project.parquet import named, quoted
from tests.bench.world import LAYOUTS


def stored_columns(layout, header: list[str]) -> dict[str, str]:
    """Header name -> DuckDB type of every column of the file that the product stores."""
    contract = next(source for source in SOURCES if source.name == layout.source).contract(layout.table)
    by_name = {name.lower(): name for name in header}
    found = {}
    for column in contract.columns:
        origin = contract.layouts[0].headers[column.name]
        for name in (origin,) if isinstance(origin, str) else origin:
            if name in by_name:
                found[by_name[name]] = column.kind.type
                break
    return found


def main(name: str, file: str, target: str) -> None:
    layout = next(found for found in LAYOUTS if found.name == name)
    with open(file, "rb") as content:
        fingerprint = hashlib.file_digest(content, "sha256").hexdigest()
    with open(file, encoding="utf-8", newline="") as content:
        header = next(csv.reader(content))
    stored = stored_columns(layout, header)
    columns = ", ".join(f"{quoted(column)}: {quoted(stored.get(column, 'VARCHAR'))}" for column in header)
    wanted = ", ".join(
        f"left(sha256(concat('salt:', {named(column)})), 32)" if column == "person_id" else named(column)
        for column in stored
    )
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false; set preserve_insertion_order = false")
        (rows,) = con.execute(
            f"copy (select {wanted} from read_csv({quoted(file)}, header = true, auto_detect = false, delim = ',',"
            f" quote = '\"', escape = '\"', dateformat = {quoted(layout.dateformat)}, columns = {{{columns}}},"
            f" store_rejects = true)) to {quoted(target)} (format parquet, compression zstd)"
        ).fetchone()
        rejected = con.execute("select count(distinct line) from reject_errors").fetchone()[0]
    print(json.dumps({"sha256": fingerprint[:16], "rows": rows, "rejected": rejected}))


if __name__ == "__main__":
    main(*sys.argv[1:])
