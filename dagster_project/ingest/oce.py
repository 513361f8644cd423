"""IQVIA OCE exports: its calls; all else of an OCE org are Salesforce objects.

Belongs here: OCE's own objects. IQVIA publishes no field list: `company/crm_fields.yml` says where an org's names differ.
"""

from dagster_project.ingest.contract import Layout
from dagster_project.ingest.crm_exports import KINDS, crm_contract, fields_of, own_field_names

_FIELDS = (
    "Id:id OCE__Account__c:id OwnerId:id OCE__CallDateTime__c:time OCE__Status__c:text OCE__CallType__c:text"
    " OCE__Channel__c:text CreatedDate:time IsDeleted:flag"
)
_COLUMNS = {name.lower(): name.lower().removeprefix("oce__").removesuffix("__c") for name, _ in fields_of(_FIELDS)}

CALL = crm_contract(
    "call",
    r"oce__call__c",
    {_COLUMNS[name.lower()]: KINDS[kind] for name, kind in fields_of(_FIELDS)},
    (
        Layout(
            "OCE__Call__c export",
            {column: header for header, column in _COLUMNS.items()},
            ("id", "ownerid", "calldatetime"),
        ),
    ),
    "id",
)
CONTRACTS = (CALL,)
field_names = own_field_names({"oce__call__c": "call"})
