"""HubSpot exports: one CSV an object, its columns under HubSpot's labels.

Belongs here: the objects, their labels and the few ways in which HubSpot writes a label. Not here: what an outcome means.
Ids are HubSpot's numbers, except where the records live in a Salesforce org beside it.
"""

from dagster_project.ingest.contract import Contract, Layout, Lookup, Origin
from dagster_project.ingest.crm_exports import KINDS, crm_contract, own_field_names
from dagster_project.ingest.kinds import CRM_ID, ID, Kind

_RECORD = ("record", "record id, hs_object_id, id")
_SENT = "create date, created date, created at"
_CHANGED = "last modified date, last modified"
_COMPANIES = "associated company ids, associated company id, primary associated company id"
_CONTACTS = "associated contact ids, associated contact id"
_DEALS = "associated deal ids, associated deal id"
_OWNER = "activity assigned to, owner, hubspot owner"
_PLACE = {
    "city": ("text", "city"),
    "state": ("text", "state/region, state"),
    "postal_code": ("code", "postal code, zip code, zip"),
}

# table -> column -> (kind, the labels of which the first present counts)
_OBJECTS = {
    "contacts": {
        "record_id": _RECORD,
        "first_name": ("text", "first name"),
        "last_name": ("text", "last name"),
        "job_title": ("text", "job title"),
        "npi": ("code", "npi, npi number"),
        "specialty": ("text", "specialty"),
        "stakeholder_role": ("text", "stakeholder role, buying role"),
        **_PLACE,
        "phone_number": ("text", "phone number, mobile phone number"),
        "email": ("text", "email"),
        "do_not_call": ("flag", "do not call, do not call?, donotcall"),
        "target": ("flag", "target"),
        "associated_company_id": ("record", _COMPANIES),
        "contact_owner": ("code", "contact owner, owner"),
        "created_at": ("time", _SENT),
        "modified_at": ("time", _CHANGED),
    },
    "companies": {
        "record_id": _RECORD,
        "company_name": ("text", "company name, name"),
        "type": ("text", "type"),
        "parent_company_id": ("record", "parent company id, parent company"),
        "ccn": ("code", "ccn"),
        "npi": ("code", "npi, npi number"),
        "gpo": ("text", "gpo"),
        **_PLACE,
        "company_owner": ("code", "company owner, owner"),
        "created_at": ("time", _SENT),
        "modified_at": ("time", _CHANGED),
    },
    "deals": {
        "record_id": _RECORD,
        "deal_stage": ("text", "deal stage"),
        "pipeline": ("text", "pipeline"),
        "deal_probability": ("percent", "deal probability"),
        "amount": ("money", "amount, amount in company currency"),
        "procedure_family": ("text", "procedure family"),
        "deal_owner": ("record", "deal owner, owner"),
        "associated_company_id": ("record", _COMPANIES),
        "associated_contact_id": ("record", _CONTACTS),
        "close_date": ("date", "close date"),
        "created_at": ("time", _SENT),
        "modified_at": ("time", _CHANGED),
    },
    "deal_stage_history": {
        "record_id": _RECORD,
        "deal_stage": ("text", "deal stage"),
        "entered_at": ("time", "entered date, date entered"),
    },
    "calls": {
        "record_id": _RECORD,
        "title": ("text", "call title, title"),
        "type": ("text", "call and meeting type, call type, type"),
        "outcome": ("text", "call outcome, outcome"),
        "status": ("text", "call status, status"),
        "duration": ("text", "call duration, call duration (hh:mm:ss), duration"),
        "assigned_to": ("record", f"{_OWNER}, call owner"),
        "associated_contact_id": ("record", _CONTACTS),
        "associated_company_id": ("record", _COMPANIES),
        "associated_deal_id": ("record", _DEALS),
        "started_at": ("time", "activity date, call date, call start time"),
        "created_at": ("time", _SENT),
    },
    "meetings": {
        "record_id": _RECORD,
        "title": ("text", "meeting name, meeting title, title"),
        "type": ("text", "call and meeting type, meeting type, type"),
        "outcome": ("text", "meeting outcome, outcome"),
        "assigned_to": ("record", f"{_OWNER}, meeting owner"),
        "associated_contact_id": ("record", _CONTACTS),
        "associated_company_id": ("record", _COMPANIES),
        "associated_deal_id": ("record", _DEALS),
        "started_at": ("time", "meeting start time, start time, activity date"),
        "ended_at": ("time", "meeting end time, end time"),
        "created_at": ("time", _SENT),
    },
}
_SIGNATURES = {
    "contacts": "record_id last_name",
    "companies": "record_id company_name",
    "deals": "record_id deal_stage",
    "deal_stage_history": "record_id deal_stage entered_at",
    "calls": "record_id started_at",
    "meetings": "record_id started_at",
}


def _present(labels: tuple[str, ...], field: Lookup) -> str | None:
    return next((found for label in labels if (found := field(label))), None)


def _first_record(labels: tuple[str, ...]) -> Origin:
    """The first of the records of a list such as `12;34`; a Salesforce Id among them in its 18-character form."""

    def origin(field: Lookup) -> str:
        if (found := _present(labels, field)) is None:
            return "null"
        first = f"split_part({found}, ';', 1)"
        return f"case when regexp_matches({first}, '[A-Za-z]') then {CRM_ID.value(first)} else {first} end"

    return origin


def _without_percent(labels: tuple[str, ...]) -> Origin:
    def origin(field: Lookup) -> str:
        found = _present(labels, field)
        return f"trim(translate({found}, '%', ''))" if found else "null"

    return origin


_ORIGINS = {"record": _first_record, "percent": _without_percent}
_KINDS: dict[str, Kind] = {**KINDS, "record": ID, "percent": KINDS["share"]}


def _contract(table: str) -> Contract:
    headers: dict[str, Origin] = {}
    for column, (kind, written) in _OBJECTS[table].items():
        labels = tuple(label.strip() for label in written.split(","))
        headers[column] = _ORIGINS[kind](labels) if kind in _ORIGINS else labels
    kinds = {column: _KINDS[kind] for column, (kind, _) in _OBJECTS[table].items()}
    layout = Layout(f"HubSpot {table.replace('_', ' ')}", headers, tuple(_SIGNATURES[table].split()))
    return crm_contract(table, rf"(?<![a-z]){table}(?![a-z])", kinds, (layout,), "record_id")


CONTRACTS = tuple(_contract(table) for table in _OBJECTS)
field_names = own_field_names({table: table for table in _OBJECTS})
