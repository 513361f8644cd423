"""Targets into a HubSpot account by batches of contacts, a hundred at a time.

Belongs here: a batch, its answer row by row, and finding the row for which a batch is refused. Not here: failures in words
(`pull.hubspot_client`), which rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from dagster_project.publish.crm_writeback_layouts import Layout
from dagster_project.pull.access import HubspotAccess
from dagster_project.pull.faults import PUSH, AccessError, RefusedError
from dagster_project.pull.hubspot_client import HubspotClient
from dagster_project.pull.patience import Pace
from dagster_project.push.ledger import Ledger, Told

BATCH = 100
# An app may ask a hundred times in ten seconds; a pull may be asking beside us.
BATCHES_A_SECOND = 5
# So many rows refused one by one are no slips: something is wrong with all of them.
MOST_REFUSED = 50
RECORD_ID = "hs_object_id"
_NO_PROPERTY = "PROPERTY_DOESNT_EXIST"


class HubspotAccount:
    """The account of the token in the environment."""

    name: str = "hubspot"
    org: str = "hubspot"
    crms: tuple[str, ...] = ("hubspot",)

    def __init__(self, access: HubspotAccess | None = None) -> None:
        self.client = HubspotClient(access or HubspotAccess(), PUSH)
        self._pace, self._refused = Pace(BATCHES_A_SECOND), 0

    def settle(self, layout: Layout, ledger: Ledger) -> list[str]:
        """A batch whose answer never came may have been done; it is sent again, which changes nothing."""
        jobs = ledger.open_jobs(layout.object)
        for job, keys in jobs.items():
            ledger.settle(job, {key: Told("unknown", "no answer came") for key in keys})
        return list(jobs)

    def send(self, layout: Layout, rows: Sequence[dict[str, Any]], as_of: str, ledger: Ledger) -> Iterator[str]:
        for start in range(0, len(rows), BATCH):
            batch, job = rows[start : start + BATCH], str(uuid4())
            ledger.begin(layout.object, job, as_of, batch)
            yield job
            self._tell(layout, job, batch, ledger)

    def _tell(self, layout: Layout, job: str, rows: Sequence[dict[str, Any]], ledger: Ledger) -> None:
        """One batch; where HubSpot refuses it as a whole, its halves, until the row to blame stands alone."""
        try:
            told = self._asked(layout, rows)
        except RefusedError as refused:
            if _NO_PROPERTY in refused.said:
                raise AccessError(
                    "The account lacks a property that is written; make the properties that docs/push.md lists, or name your own in"
                    f" company/crm_fields.yml ({refused.said})"
                ) from None
            if len(rows) > 1:
                middle = len(rows) // 2
                for half in (rows[:middle], rows[middle:]):
                    self._tell(layout, job, half, ledger)
                return
            told = {rows[0]["external_id"]: Told("failed", refused.said)}
            self._refused += 1
        ledger.settle(job, told)
        if self._refused >= MOST_REFUSED:
            raise AccessError(
                f"HubSpot refused {self._refused} rows one by one; look at the first of them, then push again"
            )

    def _asked(self, layout: Layout, rows: Sequence[dict[str, Any]]) -> dict[str, Told]:
        """What HubSpot says of each row. A record's own id is no unique property: by it contacts are updated, never made."""
        is_update = layout.key == RECORD_ID
        inputs = [_input(layout, row, is_update) for row in rows]
        api = self.client.api.crm.objects.batch_api
        self._pace.wait()
        answer = self.client.ask(layout.object, api.update if is_update else api.upsert, "contacts", {"inputs": inputs})
        told = {}
        for error in getattr(answer, "errors", None) or ():
            context = {value for values in (error.context or {}).values() for value in values}
            said = self.client.access.hide(f"{error.category}: {error.message}")[:500]
            named = [row for row in rows if row["external_id"] in context] or (rows if not context else [])
            for row in named:
                is_gone = row["is_removal"] and "NOT_FOUND" in f"{error.category}".upper()
                told[row["external_id"]] = Told("success") if is_gone else Told("failed", said)
        keys = {row["external_id"] for row in rows}
        for result in answer.results:
            key = _key(result, layout, keys)
            if key:
                told[key] = Told("success", crm_id=result.id or "")
        for row in rows:
            told.setdefault(row["external_id"], Told("unknown", f"the answer ({answer.status}) names no such row"))
        return told


def _input(layout: Layout, row: dict[str, Any], is_update: bool) -> dict[str, Any]:
    cells = dict(zip(layout.columns, layout.cells(row), strict=True))
    id_ = cells.pop(layout.key)
    asked = {"id": id_, "properties": cells, "objectWriteTraceId": id_}
    return asked if is_update else asked | {"idProperty": layout.key}


def _key(result: Any, layout: Layout, keys: set[str]) -> str | None:
    """Whose result this is; never by its place in the list."""
    ways = (getattr(result, "object_write_trace_id", None), (result.properties or {}).get(layout.key), result.id)
    return next((way for way in ways if way in keys), None)
