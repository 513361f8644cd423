"""Data Docs: what Great Expectations found of every file, as pages that a person opens from the disk.

    <home>/docs/contracts/index.html            every table, the refused files first
    <home>/docs/contracts/<source>.<table>.html its thresholds with their reasons, its files with their results and profiles

Belongs here: which page shows what. Does not belong here: the results (`judgement`), how a page looks (`data_docs.html.j2`).
The pages that come with Great Expectations load styles, scripts and pictures from a dozen hosts, tell those who reads them, and
stand bare without a network; these need none, and every name from a file is escaped. They hold counts and shares, no cell.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from dagster_project.ingest.catalog import Record
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.contract import Contract
from dagster_project.ingest.contract_checks import STATUSES, judged
from dagster_project.ingest.nights import in_use
from dagster_project.ingest.thresholds import written

TEMPLATE = "data_docs.html.j2"
BUILT_FROM = ".built_from"


def write_data_docs(lake: Path, docs: Path, as_of: date) -> bool:
    """Brings the pages up to what the night of `as_of` has in use; false where they already showed it."""
    tables = [
        _table(source.name, contract, records)
        for source in SOURCES
        for contract in source.contracts
        if (records := _records(lake, source.name, contract.table, as_of))
    ]
    template = Path(__file__).with_name(TEMPLATE)
    state = hashlib.sha256(repr(tables).encode() + template.read_bytes()).hexdigest()
    built_from = docs / BUILT_FROM
    if built_from.exists() and built_from.read_text() == state:
        return False
    part, old = docs.with_name(f".{docs.name}.part"), docs.with_name(f".{docs.name}.old")
    for leftover in (part, old):
        shutil.rmtree(leftover, ignore_errors=True)
    part.mkdir(parents=True)
    page = Environment(loader=FileSystemLoader(template.parent), autoescape=True).get_template(TEMPLATE)
    (part / "index.html").write_text(page.render(tables=tables, table=None), encoding="utf-8")
    for table in tables:
        (part / table["page"]).write_text(page.render(tables=tables, table=table), encoding="utf-8")
    (part / BUILT_FROM).write_text(state)
    if docs.exists():
        docs.rename(old)
    part.rename(docs)
    shutil.rmtree(old, ignore_errors=True)
    return True


def _records(lake: Path, source: str, table: str, as_of: date) -> list[Record]:
    records = in_use(lake, source, as_of).records
    return [one for one in judged(records[name] for name in sorted(records)) if one.table == table]


def _table(source: str, contract: Contract, records: list[Record]) -> dict:
    files = sorted((_file(record) for record in records), key=lambda file: -STATUSES.index(file["verdict"]))
    return {
        "name": f"{source}.{contract.table}",
        "page": f"{source}.{contract.table}.html",
        "files": files,
        "rows": f"{sum(record.rows for record in records if record.status == 'accepted'):,}",
        "verdict": files[0]["verdict"],
        "suites": [
            (layout.name, [(one.name, one.allowed, one.severity, one.because) for one in contract.suite(layout)])
            for layout in contract.layouts
            if layout.name in {record.layout for record in records}
        ],
    }


def _file(record: Record) -> dict:
    results = sorted(record.results, key=lambda result: -STATUSES.index(result["status"]))
    measures = sorted(record.profile, key=lambda row: (row[0], row[1]))
    return {
        "name": record.file,
        "hash": (record.content_hash or "")[:16],
        "layout": record.layout,
        "verdict": _worst(record),
        "is_refused": record.status == "refused",
        "follows": record.follows,
        "approvals": [result["approval"] for result in record.results if "approval" in result],
        "results": [result | {"observed": written(result["observed"])} for result in results],
        "profile": [
            (column or "the file", measure.replace("_", " "), written(value)) for column, measure, value in measures
        ],
    }


def _worst(record: Record) -> str:
    statuses: Iterable[str] = (result["status"] for result in record.results)
    return max(statuses, key=STATUSES.index)
