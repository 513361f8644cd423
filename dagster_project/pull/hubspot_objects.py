"""What is asked of HubSpot: the objects of `crm/hubspot/`, the labels of their columns, and the properties behind them.

Belongs here: names. A label marked `!` is one without which the border does not know the file. Not here: any request.
An account's own labels stand in `company/crm_fields.yml`; a property is found by its internal name, else by its label.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_PLACE = {"City": "city", "State/Region": "state", "Postal Code": "zip"}
_OWNER = "hubspot_owner_id"
# object -> label -> the property's internal names, of which the first that the account has counts
_FIELDS: dict[str, dict[str, str]] = {
    "contacts": {
        "First Name": "firstname",
        "Last Name!": "lastname",
        "Job Title": "jobtitle",
        "NPI": "npi npi_number",
        "Specialty": "specialty",
        "Stakeholder Role": "stakeholder_role hs_buying_role",
        **_PLACE,
        "Phone Number": "phone",
        "Email": "email",
        "Do Not Call": "do_not_call donotcall",
        "Target": "target",
        "Contact owner": _OWNER,
        "Create Date": "createdate",
    },
    "companies": {
        "Company Name!": "name",
        "Type": "type",
        "Parent Company ID": "hs_parent_company_id",
        "CCN": "ccn",
        "NPI": "npi npi_number",
        "GPO": "gpo",
        **_PLACE,
        "Company owner": _OWNER,
        "Create Date": "createdate",
    },
    "deals": {
        "Deal Name": "dealname",
        "Deal Stage!": "dealstage",
        "Pipeline": "pipeline",
        "Deal Probability": "hs_deal_stage_probability",
        "Amount": "amount",
        "Procedure Family": "procedure_family",
        "Create Date": "createdate",
        "Close Date": "closedate",
        "Deal owner": _OWNER,
    },
    "calls": {
        "Call Title": "hs_call_title",
        "Call and Meeting Type": "hs_activity_type",
        "Call Outcome": "hs_call_disposition",
        "Call Status": "hs_call_status",
        "Call Duration": "hs_call_duration",
        "Activity Assigned To": _OWNER,
        "Activity Date!": "hs_timestamp",
        "Create Date": "hs_createdate",
    },
    "meetings": {
        "Meeting Name": "hs_meeting_title",
        "Call and Meeting Type": "hs_activity_type",
        "Meeting Outcome": "hs_meeting_outcome",
        "Activity Assigned To": _OWNER,
        "Meeting Start Time!": "hs_meeting_start_time hs_timestamp",
        "Meeting End Time": "hs_meeting_end_time",
        "Create Date": "hs_createdate",
    },
}
OBJECTS = tuple(_FIELDS)
REQUIRED = ("contacts", "companies", "deals")
ASSOCIATED = {
    "contacts": {"Associated Company IDs": "companies"},
    "companies": {},
    "deals": {"Associated Company IDs": "companies", "Associated Contact IDs": "contacts"},
}
_ACTIVITY = {
    "Associated Contact IDs": "contacts",
    "Associated Company IDs": "companies",
    "Associated Deal IDs": "deals",
}
ASSOCIATED |= {"calls": _ACTIVITY, "meetings": _ACTIVITY}
KEY, STAMP, ARCHIVED = "Record ID", "Last Modified Date", "archived"
STAGES = ("Deal Stage", "Entered Date")


def modified_property(name: str) -> str:
    """Contacts keep the name that the property had before the other objects came."""
    return "lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate"


def found_properties(
    name: str, properties: Sequence[Any], own: Mapping[str, str]
) -> tuple[dict[str, Any], list[str], list[str]]:
    """(column of the file -> the account's property, labels that it lacks, those of them that the border cannot do without)."""
    by_name = {property_.name.lower(): property_ for property_ in properties}
    by_label = {property_.label.lower(): property_ for property_ in reversed(properties) if property_.label}
    found, lacking, needed = {}, [], []
    for marked, names in _FIELDS[name].items():
        label = marked.removesuffix("!")
        column = own.get(label.lower(), label)
        ways = names.split() if column == label else []
        property_ = next((by_name[way] for way in ways if way in by_name), None)
        property_ = property_ or by_label.get(column.lower()) or by_name.get(column.lower())
        if property_ is not None:
            found[column] = property_
            continue
        lacking.append(column)
        if marked.endswith("!"):
            needed.append(column)
    return found, lacking, needed
