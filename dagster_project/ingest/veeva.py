"""Veeva CRM and Vault CRM exports: the same objects in two layouts, `Call2_vod__c` of the one being `call2__v` of the other.

Belongs here: Veeva's objects and fields, written as Veeva CRM names them; Vault's names follow from these. Not here: what a
call or a target flag is worth. Users, territories, opportunities and orders are Salesforce objects beside it.
"""

import re

from dagster_project.ingest.contract import Contract, Layout, Origin
from dagster_project.ingest.crm_exports import KINDS, crm_contract, fields_of, own_field_names, salesforce_id
from dagster_project.ingest.kinds import ID

_TABLES = {
    "Account": "account",
    "Call2_vod__c": "call",
    "MC_Cycle_vod__c": "cycle",
    "MC_Cycle_Plan_vod__c": "cycle_plan",
    "MC_Cycle_Plan_Target_vod__c": "cycle_plan_target",
    "TSF_vod__c": "territory_fields",
    "Product_vod__c": "product",
}
_FIELDS = {
    "Account": "Id:id Name:text FirstName:text LastName:text IsPersonAccount:known_flag NPI_vod__c:code"
    " Specialty_1_vod__c:text PersonTitle:text Stakeholder_Role__c:text Primary_Parent_vod__c:id ParentId:id CCN__c:code"
    " GPO__c:text Type:text BillingCity:text BillingState:text BillingPostalCode:code PersonMailingCity:text"
    " PersonMailingState:text PersonMailingPostalCode:code Phone:text PersonEmail:text PersonDoNotCall:flag"
    " Do_Not_Call_vod__c:flag PDRP_Opt_Out_vod__c:flag PDRP_Opt_Out_Date_vod__c:date OwnerId:id CreatedDate:time"
    " LastModifiedDate:time IsDeleted:flag",
    "Call2_vod__c": "Id:id Account_vod__c:id OwnerId:id Call_Date_vod__c:date Call_Datetime_vod__c:time Status_vod__c:text"
    " Call_Type_vod__c:text Call_Channel_vod__c:text Duration_vod__c:number CreatedDate:time IsDeleted:flag",
    "MC_Cycle_vod__c": "Id:id Start_Date_vod__c:date End_Date_vod__c:date Status_vod__c:text IsDeleted:flag",
    "MC_Cycle_Plan_vod__c": "Id:id Cycle_vod__c:id IsDeleted:flag",
    "MC_Cycle_Plan_Target_vod__c": "Id:id Target_vod__c:id Cycle_Plan_vod__c:id OwnerId:id Planned_Interactions_vod__c:number"
    " Actual_Interactions_vod__c:number CreatedDate:time IsDeleted:flag",
    "TSF_vod__c": "Id:id Account_vod__c:id Territory_vod__c:text My_Target_vod__c:flag LastModifiedDate:time IsDeleted:flag",
    "Product_vod__c": "Id:id Name:text Product_Type_vod__c:text Parent_Product_vod__c:id Company_Product_vod__c:flag"
    " IsDeleted:flag",
}
_SIGNATURES = {
    "Account": "id name",
    "Call2_vod__c": "id account status",
    "MC_Cycle_vod__c": "id start_date end_date",
    "MC_Cycle_Plan_vod__c": "id cycle",
    "MC_Cycle_Plan_Target_vod__c": "id target",
    "TSF_vod__c": "id account",
    "Product_vod__c": "id name",
}
# Names of Vault that do not follow from those of Veeva CRM. They come first: every object of a Vault has a `status__v` of its own,
# which says of a record no more than that it is active.
_ONLY_VAULT = {
    "FirstName": ("first_name_cda__v",),
    "LastName": ("last_name_cda__v",),
    "LastModifiedDate": ("modified_date__v",),
    "OwnerId": ("owner__v",),
    "Specialty_1_vod__c": ("specialty_1_cda__v",),
    "Status_vod__c": ("call2_status__v", "mc_cycle_status__v"),
    "IsDeleted": ("deleted__v",),
}


def _base(name: str) -> str:
    return re.sub(r"(_vod)?__c$", "", name)


def _in_vault(name: str) -> Origin:
    """`Call_Date_vod__c` is `call_date__v`; standard fields are written in one word or in several."""
    base = _base(name)
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", base)
    spellings = dict.fromkeys([base.lower(), apart.lower()])
    return (*_ONLY_VAULT.get(name, ()), *(f"{word}__v" for word in spellings), *spellings)


def _contract(crm_object: str) -> Contract:
    fields = fields_of(_FIELDS[crm_object])
    signature = tuple(_SIGNATURES[crm_object].split())
    # A Vault Id of fifteen characters is whole, so Ids are made longer by the layout and not by their kind.
    kinds = {_base(name).lower(): ID if kind == "id" else KINDS[kind] for name, kind in fields}
    veeva = {
        _base(name).lower(): salesforce_id(name.lower()) if kind == "id" else name.lower() for name, kind in fields
    }
    vault = {_base(name).lower(): _in_vault(name) for name, _ in fields}
    layouts = (
        Layout(f"Veeva CRM {crm_object}", veeva, signature),
        Layout(f"Vault CRM {_vault_object(crm_object)}", vault, signature),
    )
    stem, is_own = _base(crm_object).lower(), crm_object != "Account"
    pattern = rf"(?<![a-z_]){stem}{'(_vod__c|__v)' if is_own else '(__v)?'}(?![a-z0-9]|_[a-z])"
    return crm_contract(_TABLES[crm_object], pattern, kinds, layouts, "id")


def _vault_object(crm_object: str) -> str:
    return f"{_base(crm_object).lower()}__v"


CONTRACTS = tuple(_contract(crm_object) for crm_object in _FIELDS)
field_names = own_field_names(
    {name: table for crm_object, table in _TABLES.items() for name in (crm_object.lower(), _vault_object(crm_object))}
)
