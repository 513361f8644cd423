"""Targets into a Salesforce org by upsert jobs of the Bulk API 2.0; Veeva CRM's objects live in such an org, too.

Belongs here: a job's life, and its results row by row. Not here: failures in words (`pull.salesforce_client`), which rows.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from simple_salesforce.api import Salesforce
from simple_salesforce.bulk2 import JobState, Operation

from dagster_project.publish.crm_writeback_layouts import Layout
from dagster_project.pull.access import SalesforceAccess
from dagster_project.pull.faults import PUSH, AccessError, BrokenAnswer, CrmError, RefusedError
from dagster_project.pull.salesforce_client import SalesforceClient
from dagster_project.push.ledger import Ledger, Told

# Salesforce takes 150 MB of a job after its own encoding; the library refuses more than 100 MB before it.
MOST_BYTES = 90_000_000
_ENDED = (JobState.job_complete, JobState.failed, JobState.aborted)
# Whose record is gone from the org needs no clearing.
_GONE = "ENTITY_IS_DELETED"


class SalesforceOrg:
    """The org that the environment gives access to."""

    name: str = "salesforce"
    crms: tuple[str, ...] = ("salesforce", "veeva")

    def __init__(self, access: SalesforceAccess | None = None) -> None:
        self.client = SalesforceClient(access or SalesforceAccess(), PUSH)
        self.org = self.client.org

    def settle(self, layout: Layout, ledger: Ledger) -> list[str]:
        """A job that was being filled is aborted, one that ran has its results read; one that the org has forgotten is unknown."""
        jobs = ledger.open_jobs(layout.object)
        for job, keys in jobs.items():
            try:
                state = self._state(layout, job)["state"]
            except RefusedError as refused:
                if "NOT_FOUND" not in refused.said:
                    raise
                ledger.settle(job, {key: Told("unknown", "the org no longer knows the job") for key in keys})
                continue
            if state == JobState.open:
                self._abort(layout, job, keys, ledger, "its upload broke off")
            else:
                self._finish(layout, job, keys, ledger)
        return list(jobs)

    def send(self, layout: Layout, rows: Sequence[dict[str, Any]], as_of: str, ledger: Ledger) -> Iterator[str]:
        for part, text in _parts(layout, rows):
            keys = [row["external_id"] for row in part]
            job = self._ask(layout, lambda bulk: bulk.create_job(Operation.upsert, external_id_field=layout.key))["id"]
            ledger.begin(layout.object, job, as_of, part)
            yield job
            try:
                self._fill(layout, job, text)
            except AccessError:
                raise
            except CrmError as reason:
                self._abort(layout, job, keys, ledger, str(reason))
                raise
            self._finish(layout, job, keys, ledger)

    def _fill(self, layout: Layout, job: str, text: str) -> None:
        """Upload the rows and close the job; it is no failure where only the answer to a first try was lost."""
        try:
            self._ask(layout, lambda bulk: bulk.upload_job_data(job, text))
        except RefusedError as refused:
            if "multiple contents" not in refused.said:
                raise
        try:
            self._ask(layout, lambda bulk: bulk.close_job(job))
        except RefusedError:
            if self._state(layout, job)["state"] == JobState.open:
                raise

    def _state(self, layout: Layout, job: str) -> dict[str, Any]:
        return self._ask(layout, lambda bulk: bulk.get_job(job, False))

    def _abort(self, layout: Layout, job: str, keys: Sequence[str], ledger: Ledger, why: str) -> None:
        """Nothing of a job that is aborted while it is open is processed; any other is looked at again by the next push."""
        try:
            if self._state(layout, job)["state"] != JobState.open:
                return
            self._ask(layout, lambda bulk: bulk.abort_job(job, False))
        except CrmError:
            return
        ledger.settle(job, {key: Told("unprocessed", why) for key in keys})

    def _finish(self, layout: Layout, job: str, keys: Sequence[str], ledger: Ledger) -> None:
        """Wait for the end of a job and write down what became of each row; a failed job may have done some of them."""
        failure = None
        try:
            self._ask(layout, lambda bulk: bulk.wait_for_job(job, False))
        except AccessError:
            raise
        except CrmError as reason:
            failure = reason
        state = self._state(layout, job)
        if state["state"] not in _ENDED:
            raise failure or CrmError(
                f"{layout.object}: job {job} does not end; push again later to learn how it ended"
            )
        hide = self.client.access.hide
        told = {
            key: replace(one, error=hide(one.error))
            for key, one in self._ask(layout, lambda bulk: _results(bulk, job, layout.key, state)).items()
        }
        said = hide(state.get("errorMessage") or f"job {job} ended as {state['state']}")
        failed = {key: one for key, one in told.items() if one.outcome == "failed"}
        told = {key: told.get(key) or Told("unknown", f"the results name no such row; {said}") for key in keys}
        removals = {key for key, is_removal, *_ in ledger.of_jobs([job]) if is_removal}
        told |= {key: Told("success") for key, one in failed.items() if key in removals and _GONE in one.error}
        ledger.settle(job, told)

    def _ask(self, layout: Layout, question):
        """Ask the library's client of jobs: its public `upsert` does all at once and never tells the job's id while it runs."""

        def put(org: Salesforce):
            return question(getattr(org.bulk2, layout.object)._client)

        return self.client.ask(layout.object, put)


def _parts(layout: Layout, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[list[dict[str, Any]], str]]:
    """The rows with the CSV of each part that one job can take."""
    header = _line(list(layout.columns))
    part: list[dict[str, Any]] = []
    lines, size = [header], len(header)
    for row in rows:
        line = _line(layout.cells(row))
        if part and size + len(line.encode()) > MOST_BYTES:
            yield part, "".join(lines)
            part, lines, size = [], [header], len(header)
        part.append(row)
        lines.append(line)
        size += len(line.encode())
    if part:
        yield part, "".join(lines)


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _results(bulk, job: str, key: str, state: dict[str, Any]) -> dict[str, Told]:
    """What is said of each row, by external id; raises `BrokenAnswer` where rows are missing of those announced."""
    key, ended = key.lower(), state["state"] == JobState.job_complete
    done = {row[key]: Told("success", crm_id=row["sf__id"]) for row in _read(bulk, job, "successfulResults")}
    failed = {
        row[key]: Told("failed", row["sf__error"][:500], row.get("sf__id") or "")
        for row in _read(bulk, job, "failedResults")
    }
    announced = int(state.get("numberRecordsFailed") or 0), int(state.get("numberRecordsProcessed") or 0)
    if ended and (len(failed), len(done) + len(failed)) != announced:
        raise BrokenAnswer(f"results of {len(done) + len(failed)} rows came where {announced[1]} were announced")
    why = state.get("errorMessage") or ""
    left = {} if ended else {row[key]: Told("unprocessed", why) for row in _read(bulk, job, "unprocessedrecords")}
    return left | failed | done


def _read(bulk, job: str, kind: str) -> list[dict[str, str]]:
    rows = csv.reader(io.StringIO(bulk.get_ingest_results(job, kind).replace("\0", ""), newline=""))
    header = [name.lower() for name in next(rows, [])]
    return [dict(zip(header, row, strict=False)) for row in rows]
