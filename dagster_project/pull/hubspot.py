"""HubSpot into `crm/hubspot/`: lists for the whole of an object, searches for what changed, each page written on arrival.

Belongs here: plan, count and fetch of an object. Not here: labels and properties (`hubspot_objects`), words for values
(`hubspot_words`), failures (`hubspot_client`).
"""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster_project.ingest import hubspot as export
from dagster_project.pull.access import HubspotAccess
from dagster_project.pull.faults import CrmError
from dagster_project.pull.hubspot_client import HubspotClient
from dagster_project.pull.hubspot_objects import (
    ARCHIVED,
    ASSOCIATED,
    KEY,
    OBJECTS,
    REQUIRED,
    STAGES,
    STAMP,
    found_properties,
    modified_property,
)
from dagster_project.pull.hubspot_words import Words
from dagster_project.pull.plan import Fetched, Plan, Table, written

PAGE = 100
HISTORY_PAGE = 50


class HubspotAccount:
    """The account of the token in the environment."""

    name: str = "hubspot"
    org: str = "hubspot"
    objects: tuple[str, ...] = OBJECTS
    required: tuple[str, ...] = REQUIRED

    def __init__(self, landing: Path, access: HubspotAccess | None = None) -> None:
        self.client = HubspotClient(access or HubspotAccess())
        self.crm = self.client.api.crm
        self.words = Words(self.client)
        self._own = export.field_names(landing)

    def plan(self, name: str) -> Plan:
        """The properties that the account has; HubSpot would leave out the others without a word."""
        properties = self.client.ask(name, self.crm.properties.core_api.get_all, name).results
        found, lacking, needed = found_properties(name, properties, self._own.get(name, {}))
        if needed:
            raise CrmError(
                f"{name}: the account has no property for {', '.join(needed)}; let the private app read it, or name your own label"
                " in company/crm_fields.yml"
            )
        self.words.learn(name, found)
        header = (KEY, *found, *ASSOCIATED[name], STAMP)
        tables = [Table(f"{name}.csv", header, (*header, ARCHIVED), KEY, STAMP, ARCHIVED)]
        if name == "deals":
            header = (KEY, *STAGES, STAMP)
            tables.append(Table("deal_stage_history.csv", header, (*header, ARCHIVED), KEY, STAMP, ARCHIVED))
        return Plan(name, tuple(tables), {column: p.name for column, p in found.items()}, tuple(lacking))

    def count(self, plan: Plan, since: datetime | None) -> int:
        filters = [_changed_since(plan.name, since)] if since else []
        return self.client.search(plan.name, plan.name, {"filterGroups": _all_of(filters), "limit": 1}).total

    def fetch(self, plan: Plan, since: datetime | None, folder: Path) -> Fetched:
        complete_until = self._newest_change(plan.name)
        paths = {table.file: folder / table.file for table in plan.tables}
        with ExitStack() as stack:
            writers = []
            for table in plan.tables:
                file = stack.enter_context(paths[table.file].open("w", encoding="utf-8", newline=""))
                writers.append(csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL))
                writers[-1].writerow(table.columns)
            for records in self._listed(plan, False) if since is None else self._searched(plan, since):
                writers[0].writerows(self._rows(plan, records))
                if len(writers) > 1:
                    writers[1].writerows(self._stages(records))
            for records in self._listed(plan, True) if since is not None else ():
                for table, writer in zip(plan.tables, writers, strict=True):
                    writer.writerows(_gone(record, table) for record in records)
        return Fetched({file: [path] for file, path in paths.items()}, complete_until)

    def _newest_change(self, name: str) -> str | None:
        """The account's newest change before anything is asked for: HubSpot's clock, not ours."""
        stamp = modified_property(name)
        order = [{"propertyName": stamp, "direction": "DESCENDING"}]
        request = {"filterGroups": [], "sorts": order, "properties": [stamp], "limit": 1}
        found = self.client.search(name, name, request).results
        return _stamp(found[0], name) if found else None

    def _listed(self, plan: Plan, is_archived: bool) -> Iterator[list[Any]]:
        after = None
        while True:
            options = {"limit": PAGE, "archived": is_archived, "properties": _asked(plan)} | (
                {"after": after} if after else {}
            )
            answer = self.client.ask(plan.name, self.crm.objects.basic_api.get_page, plan.name, **options)
            yield answer.results
            after = _after(answer)
            if not after:
                return

    def _searched(self, plan: Plan, since: datetime) -> Iterator[list[Any]]:
        """By rising id instead of by page: no ceiling of 10,000, and what changes meanwhile shifts nothing."""
        last = "0"
        while True:
            beyond = {"propertyName": "hs_object_id", "operator": "GT", "value": last}
            request = {
                "filterGroups": _all_of([_changed_since(plan.name, since), beyond]),
                "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
                "properties": _asked(plan),
                "limit": PAGE,
            }
            records = self.client.search(plan.name, plan.name, request).results
            if not records:
                return
            yield records
            highest = max(int(record.id) for record in records)
            if highest <= int(last):
                raise CrmError(
                    f"{plan.name}: HubSpot's search does not get on beyond record {last}; pull it with --full"
                )
            last = str(highest)

    def _rows(self, plan: Plan, records: list[Any]) -> Iterator[list[str]]:
        linked = [self._associated(plan.name, kind, records) for kind in ASSOCIATED[plan.name].values()]
        for record in records:
            values = record.properties or {}
            told = [self.words.of(plan.name, column, values.get(asked)) for column, asked in plan.fields.items()]
            yield [record.id, *told, *(ids.get(record.id, "") for ids in linked), _stamp(record, plan.name), "false"]

    def _associated(self, name: str, kind: str, records: list[Any]) -> dict[str, str]:
        """Record -> its associated ids such as `12;34`, the primary one first."""
        found: dict[str, dict[str, bool]] = {}
        inputs = [{"id": record.id} for record in records]
        while inputs:
            answer = self.client.ask(name, self.crm.associations.v4.batch_api.get_page, name, kind, {"inputs": inputs})
            for error in getattr(answer, "errors", None) or ():
                if "NO_ASSOCIATIONS_FOUND" not in f"{error.category} {error.sub_category}":
                    raise CrmError(
                        f"{name}: HubSpot gives no associations to {kind} ({error.category}); pull it again later"
                    )
            inputs = []
            for result in answer.results:
                ids = found.setdefault(result._from.id, {})
                for other in result.to:
                    is_primary = any(
                        (kind_.label or "").lower() == "primary" for kind_ in other.association_types or ()
                    )
                    ids[str(other.to_object_id)] = ids.get(str(other.to_object_id), False) or is_primary
                if after := _after(result):
                    inputs.append({"id": result._from.id, "after": after})
        return {
            record: ";".join(sorted(ids, key=lambda id_, ids=ids: (not ids[id_], int(id_))))
            for record, ids in found.items()
        }

    def _stages(self, records: list[Any]) -> Iterator[list[str]]:
        """Each stage that a deal entered, with its time."""
        stamps = {record.id: _stamp(record, "deals") for record in records}
        for start in range(0, len(records), HISTORY_PAGE):
            request = {
                "inputs": [{"id": record.id} for record in records[start : start + HISTORY_PAGE]],
                "properties": [],
                "propertiesWithHistory": ["dealstage"],
            }
            answer = self.client.ask("deals", self.crm.objects.batch_api.read, "deals", request)
            for deal in answer.results:
                for change in (deal.properties_with_history or {}).get("dealstage", ()):
                    if change.value:
                        entered = written(change.timestamp)
                        yield [deal.id, self.words.stage(change.value), entered, stamps[deal.id], "false"]


def _asked(plan: Plan) -> list[str]:
    return [*dict.fromkeys([*plan.fields.values(), modified_property(plan.name)])]


def _all_of(filters: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{"filters": filters}] if filters else []


def _changed_since(name: str, since: datetime) -> dict[str, str]:
    return {
        "propertyName": modified_property(name),
        "operator": "GTE",
        "value": str(int(since.timestamp() * 1000)),
    }


def _after(answer: Any) -> str | None:
    return answer.paging.next.after if answer.paging and answer.paging.next else None


def _stamp(record: Any, name: str) -> str:
    return (record.properties or {}).get(modified_property(name)) or written(record.updated_at)


def _gone(record: Any, table: Table) -> list[str]:
    """A row that takes the record's rows away; a record that has come back since is newer than it."""
    values = {KEY: record.id, STAMP: written(record.archived_at or record.updated_at), ARCHIVED: "true"}
    return [values.get(column, "") for column in table.columns]
