"""Salesforce into `crm/salesforce/`: each object by one query job of the Bulk API 2.0, its pages streamed to disk.

Belongs here: plan, count and fetch of an object. Not here: the names of fields (`salesforce_objects`), failures (`salesforce_client`).
"""

import re
from datetime import datetime
from pathlib import Path

import duckdb
from simple_salesforce.api import Salesforce
from simple_salesforce.bulk2 import Operation

from dagster_project.pull.access import SalesforceAccess
from dagster_project.pull.faults import BrokenAnswer, CrmError
from dagster_project.pull.landed import header_of, rows_of
from dagster_project.pull.plan import Fetched, Plan, Table, moment, written
from dagster_project.pull.salesforce_client import MissingFieldError, SalesforceClient
from dagster_project.pull.salesforce_objects import DELETED, OBJECTS, PERSON_FIELDS, REQUIRED, STAMP, wanted

PAGE_ROWS = 50_000


class SalesforceOrg:
    """The org that the environment gives access to."""

    name: str = "salesforce"
    objects: tuple[str, ...] = OBJECTS
    required: tuple[str, ...] = REQUIRED

    def __init__(self, landing: Path, access: SalesforceAccess | None = None) -> None:
        self.landing = landing
        self.client = SalesforceClient(access or SalesforceAccess())
        self.org = self.client.org

    def plan(self, name: str) -> Plan:
        """The fields that the org has, found by asking for one row until it names no field that it lacks."""
        want = wanted(name, self.landing)
        fields, left_out = dict(want.fields), []
        while True:
            query = f"SELECT {', '.join(fields.values())} FROM {want.api_name} LIMIT 1"
            try:
                self.client.ask(name, lambda org, query=query: org.query(query))
                break
            except MissingFieldError as error:
                missing = _named_in(error.said, fields)
            if not missing:
                raise CrmError(f"{name}: Salesforce refuses a field without naming it; look at company/crm_fields.yml")
            if needed := sorted(missing & want.required):
                raise CrmError(
                    f"{name}: the org has no {', '.join(needed)}, or hides it; give the user of the pull read access to the field,"
                    " or name your own in company/crm_fields.yml"
                )
            left_out += sorted(missing - {STAMP, DELETED})
            fields = {column: field for column, field in fields.items() if column not in missing}
        # Deletions are for the merge alone where the layout of the export has no column for them.
        header = tuple(
            c for c in fields if c != DELETED or name in ("Account", "Contact", "Task", "Event", "Opportunity")
        )
        columns = (*(c for c in fields if c in header), *(c for c in fields if c not in header))
        keys = [c for c in fields if c == "Id"] or list(fields)[:1]
        table = Table(
            f"{name}.csv",
            header,
            columns,
            keys[0],
            STAMP if STAMP in fields else None,
            DELETED if DELETED in fields else None,
        )
        return Plan(name, (table,), {column: fields[column] for column in columns}, tuple(left_out))

    def count(self, plan: Plan, since: datetime | None) -> int:
        query = f"SELECT COUNT() FROM {self._from(plan, since)}"
        return self.client.ask(plan.name, lambda org: org.query(query, include_deleted=True))["totalSize"]

    def fetch(self, plan: Plan, since: datetime | None, folder: Path) -> Fetched:
        (table,) = plan.tables
        query = f"SELECT {', '.join(plan.fields.values())} FROM {self._from(plan, since)}"
        job = self.client.ask(plan.name, lambda org: _jobs(org, plan).create_job(Operation.query_all, query))
        self.client.ask(plan.name, lambda org: _jobs(org, plan).wait_for_job(job["id"], True))
        pages, locator = [], ""
        while True:
            path, locator = self.client.ask(plan.name, lambda org, at=locator: _page(org, plan, job["id"], at, folder))
            pages += [path] if path else []
            if not locator:
                break
        begun = job.get("createdDate")
        return Fetched({table.file: pages}, written(moment(begun)) if begun else None)

    def _from(self, plan: Plan, since: datetime | None) -> str:
        api_name = wanted(plan.name, self.landing).api_name
        return api_name if since is None else f"{api_name} WHERE {STAMP} >= {written(since)}"


def _jobs(org: Salesforce, plan: Plan):
    """The library's client of jobs: its public `download` streams to disk, but never asks for deleted rows."""
    return getattr(org.bulk2, plan.name)._client


def _page(org: Salesforce, plan: Plan, job: str, locator: str, folder: Path) -> tuple[Path | None, str]:
    """One page on disk and the locator of the next; raises `BrokenAnswer` for a page that is not what was announced."""
    found = _jobs(org, plan).download_job_data(str(folder), job, locator, PAGE_ROWS, chunk_size=1 << 20)
    path, announced = Path(found["file"]), found["number_of_records"]
    if announced == 0:
        path.unlink()
        return None, found["locator"]
    try:
        rows = rows_of(path, plan.tables[0].columns)
    except duckdb.Error:
        rows = None
    asked = [field.lower() for field in plan.fields.values()]
    if rows != announced or [column.lower() for column in header_of(path) or ()] != asked:
        path.unlink()
        raise BrokenAnswer(
            f"a page of {'unreadable' if rows is None else rows} rows came where {announced} were announced"
        )
    return path, found["locator"]


def _named_in(said: str, fields: dict[str, str]) -> set[str]:
    """The columns whose field stands in quotes in Salesforce's sentence, whatever its language."""
    quoted = {word.lower() for word in re.findall(r"['\"]([\w.]+)['\"]", said)}
    missing = {column for column, field in fields.items() if field.lower() in quoted}
    return missing | (PERSON_FIELDS & set(fields) if missing & PERSON_FIELDS else set())
