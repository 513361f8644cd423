"""What the contracts found, as rows of `data_quality`: one row a table and threshold, over all files that were judged by it.

Belongs here: how the results of several files become one line. Does not belong here: the results (`judgement`) and the checks of
a source as a whole (`told`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dagster_project.ingest.catalog import Record
from dagster_project.ingest.thresholds import written

STATUSES = ("pass", "warn", "fail")


def judged(records: Iterable[Record]) -> Iterator[Record]:
    """Every record with results: what lies in the landing zone, and what stays in use for a file that was refused."""
    for record in records:
        for one in [record] if record.active in (None, record) else [record, record.active]:
            if one.table and one.results:
                yield one


def contract_checks(source: str, records: Iterable[Record]) -> list[tuple]:
    """(source, check, status, observed, expected, rows checked); where a file stands out, it is named."""
    found: dict[tuple[str, str], list[tuple[Record, dict]]] = {}
    for record in judged(records):
        for result in record.results:
            found.setdefault((record.table or "", result["name"]), []).append((record, result))
    return [
        (
            source,
            f"{table}.{name}",
            max((result["status"] for _, result in results), key=STATUSES.index),
            _observed(results),
            "; ".join(dict.fromkeys(f"{result['allowed']}: {result['because']}" for _, result in results)),
            sum(int(record.measures["rows_read", ""]) for record, _ in results),
        )
        for (table, name), results in sorted(found.items())
    ]


def _observed(results: list[tuple[Record, dict]]) -> str:
    aside = [(record, result) for record, result in results if result["status"] != "pass"]
    if aside:
        return "; ".join(
            f"{written(result['observed'])} in {record.file}"
            + (f" ({result['approval']})" if "approval" in result else "")
            for record, result in aside
        )
    least, most = (written(end(result["observed"] for _, result in results)) for end in (min, max))
    return least if least == most else f"{least} to {most}"
