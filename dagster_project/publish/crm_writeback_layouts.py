"""How each CRM takes its targets: the object, its fields, the external id, and what a cell says.

Belongs here: names of the CRMs and the form of a cell. Not here: which rows are written (`crm_writeback_rows`).
An org's own names stand in `company/crm_fields.yml`, as for the exports; an empty name leaves a field out.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dagster_project.ingest.contract import LandingError
from dagster_project.ingest.crm_exports import names_as_written

Row = Mapping[str, Any]

# object -> its fields -> what of a row they tell; the first field is the external id
_FIELDS = {
    "Fieldscope_Target__c": "External_Id__c:external_id Contact__c:contact_id Account__c:account_id OwnerId:owner_id"
    " Is_Target__c:is_target Territory__c:territory_id Tier__c:tier Rank__c:rank Calls_per_Quarter__c:calls_per_quarter"
    " Change__c:change Change_Reason__c:change_reason Why__c:why",
    "MC_Cycle_Plan_Target_vod__c": "External_Id_vod__c:external_id Cycle_Plan_vod__c:cycle_plan_id Target_vod__c:account_id"
    " OwnerId:owner_id Planned_Interactions_vod__c:calls_per_quarter Fieldscope_Tier__c:tier Fieldscope_Rank__c:rank"
    " Fieldscope_Change__c:change Fieldscope_Change_Reason__c:change_reason Fieldscope_Why__c:why",
    "contacts": "hs_object_id:external_id fieldscope_target:is_target fieldscope_territory:territory_id fieldscope_rep:rep_id"
    " fieldscope_tier:tier fieldscope_rank:rank fieldscope_calls_per_quarter:calls_per_quarter fieldscope_change:change"
    " fieldscope_change_reason:change_reason fieldscope_why:why",
}
_OBJECTS = {"salesforce": "Fieldscope_Target__c", "veeva": "MC_Cycle_Plan_Target_vod__c", "hubspot": "contacts"}
# Empty is "leave as it is" for the Bulk API, and "clear" for HubSpot and Vault.
NULL = "#N/A"
# Who a row speaks of: told of whoever has left the list, too. All else of it is cleared.
_KEPT = ("external_id", "contact_id", "account_id", "cycle_plan_id", "owner_id")
_VAULT_NAMES = {"OwnerId": "ownerid__v"}


@dataclass(frozen=True)
class Layout:
    """One CRM's file: `columns` are the org's names in their order, each with what of a row it tells."""

    crm: str
    object: str
    columns: Mapping[str, str]
    null: str
    is_vault: bool = False

    @property
    def file(self) -> str:
        return f"{self.crm}/{self.object}.csv"

    @property
    def key(self) -> str:
        """The field by which the CRM finds the record again."""
        return next(iter(self.columns))

    def cells(self, row: Row) -> list[str]:
        return [self._cell(told, row) for told in self.columns.values()]

    def facts(self) -> dict[str, Any]:
        return asdict(self)

    def _cell(self, told: str, row: Row) -> str:
        left = bool(row["is_removal"])
        if told == "is_target":
            return "false" if left else "true"
        if left and told not in _KEPT:
            # The plan of a cycle that has ended keeps what was planned.
            planned = "" if row["is_of_ended_plan"] else "0"
            return planned if self.crm == "veeva" and told == "calls_per_quarter" else self.null
        text = cell(row[told])
        return text or ("" if told == "owner_id" else self.null)


def cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula; line breaks, tabs and control characters are blanks."""
    text = "" if value is None or value != value else str(value)
    text = " ".join(re.sub(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]+", " ", text).split())
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20") else text


def layout_of(crm: str, landing: Path, has_vault: bool = False) -> Layout:
    """The layout of one CRM under the org's own names; raises `LandingError` for a name that no field can have."""
    ours, is_vault = _OBJECTS[crm], has_vault and crm == "veeva"
    fields = dict(word.split(":") for word in _FIELDS[ours].split())
    own = names_as_written(landing / "company" / "crm_fields.yml")
    names = own.get(ours.lower(), {})
    if is_vault:
        names = own.get(_in_vault(ours), {}) | names
    columns: dict[str, str] = {}
    for field, told in fields.items():
        default = _in_vault(field) if is_vault else field
        name = names.get(field.lower(), names.get(default.lower(), default))
        if name:
            _check(name, ours, field)
            if name.lower() in (known.lower() for known in columns):
                raise LandingError(f"company/crm_fields.yml: {ours} has two fields named {name}; each needs its own")
            columns[name] = told
        elif told == "external_id":
            raise LandingError(
                f"company/crm_fields.yml: {ours}.{field} is the external id and cannot be left out; name a unique field"
            )
    default = _in_vault(ours) if is_vault else ours
    stated = names.get(ours.lower()) or default
    _check(stated, ours, ours)
    return Layout(crm, stated, columns, "" if crm == "hubspot" or is_vault else NULL, is_vault)


def _check(name: str, crm_object: str, field: str) -> None:
    if not re.fullmatch(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*", name, re.ASCII):
        raise LandingError(
            f"company/crm_fields.yml: '{name}' for {crm_object}.{field} is no API name; write it as the CRM does"
        )


def _in_vault(name: str) -> str:
    """`Cycle_Plan_vod__c` is `cycle_plan__v` in Vault; a customer's own field keeps its ending."""
    return _VAULT_NAMES.get(name, re.sub(r"_vod__c$", "__v", name).lower())
