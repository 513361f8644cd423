"""What is asked of a Salesforce org: the objects of `crm/salesforce/` and their fields, under Salesforce's own names.

Belongs here: names. A field marked `!` is one without which the border does not know the file. Not here: any request.
The org's own names for them stand in `company/crm_fields.yml`; `Period.StartDate` is a field of a parent.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from dagster_project.ingest import salesforce
from dagster_project.pull.faults import CrmError

_ACTIVITY = "Id! WhoId WhatId OwnerId! Subject Type Status"
_PLACE = "{0}Street {0}City {0}State {0}PostalCode"
_FIELDS = {
    "User": "Id! Name! Email IsActive! ManagerId Title Start_Date__c",
    "Territory2": "Id! Name DeveloperName! ParentTerritory2Id",
    "UserTerritory2Association": "UserId! Territory2Id! IsActive RoleInTerritory2",
    "Account": f"Id! Name! Type ParentId CCN__c NPI__c GPO__c {_PLACE.format('Billing')} OwnerId CreatedDate"
    " LastModifiedDate IsDeleted IsPersonAccount PersonContactId FirstName LastName PersonTitle Specialty__c"
    " PersonMailingCity PersonMailingState PersonMailingPostalCode Phone PersonEmail PersonDoNotCall Target__c",
    "Contact": "Id! AccountId! FirstName LastName! Title NPI__c Specialty__c Stakeholder_Role__c"
    f" {_PLACE.format('Mailing')} Phone Email DoNotCall HasOptedOutOfEmail Target__c OwnerId CreatedDate LastModifiedDate"
    " IsDeleted",
    "Task": f"{_ACTIVITY} ActivityDate! CreatedDate IsDeleted",
    "Event": f"{_ACTIVITY} ActivityDate StartDateTime! EndDateTime CreatedDate IsDeleted",
    "Opportunity": "Id! AccountId Primary_Contact__c OwnerId Name Type Procedure_Family__c StageName! Probability"
    " ForecastCategoryName Amount CloseDate! CreatedDate IsClosed IsWon LastModifiedDate IsDeleted",
    "OpportunityHistory": "Id! OpportunityId! StageName! Probability Amount CloseDate ForecastCategory CreatedDate",
    "ForecastingItem": "Id OwnerId! Period_Start__c Submitted_On__c ForecastCategoryName ForecastAmount!",
    "Quota": "OwnerId! Period_Start__c QuotaAmount!",
    "Campaign": "Id! Name! Type Procedure_Family__c StartDate! EndDate BudgetedCost",
    "CampaignMember": "Id! CampaignId! ContactId Status HasResponded FirstRespondedDate CreatedDate",
    "Contract": "Id! AccountId! StartDate! EndDate Status Supplier__c Procedure_Family__c",
    "Order": "Id! AccountId! Surgeon__c OpportunityId OwnerId EffectiveDate! Status TotalAmount",
    "OrderItem": "Id! OrderId! Procedure_Family__c Quantity UnitPrice",
    "Competitor_Activity__c": "Id! Account__c Contact__c Competitor__c! Observed_On__c OwnerId",
}
OBJECTS = tuple(_FIELDS)
# Every Salesforce org has these: where one does not answer, this user may not see it.
REQUIRED = ("User", "Account", "Contact", "Opportunity")
# Quotas are Salesforce's own object, under other names than a hand-made export gives them.
_API_OBJECTS = {"Quota": "ForecastingQuota"}
_API_FIELDS = {"Quota": {"OwnerId": "QuotaOwnerId", "Period_Start__c": "StartDate"}}
# An org without person accounts has none of these; one refusal answers for all.
PERSON = "IsPersonAccount PersonContactId FirstName LastName PersonTitle PersonMailingCity PersonMailingState"
PERSON_FIELDS = frozenset(f"{PERSON} PersonMailingPostalCode PersonEmail PersonDoNotCall".split())
# What a merge needs: when a row changed, and whether it is gone.
STAMP, DELETED = "SystemModstamp", "IsDeleted"


@dataclass(frozen=True)
class Wanted:
    """An object as it is asked for: column of its file -> field of the org, and the columns that it cannot do without."""

    name: str
    api_name: str
    fields: dict[str, str]
    required: frozenset[str]


def wanted(name: str, landing: Path) -> Wanted:
    """The object's fields with the org's own names put in, which are its columns too, as in an export."""
    table = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.removesuffix("__c")).lower()
    own = salesforce.field_names(landing).get(table, {})
    fields, required = {}, set()
    for word in (*_FIELDS[name].split(), "Id", STAMP, DELETED):
        ours = word.removesuffix("!")
        column = own.get(ours.lower(), ours)
        if not re.fullmatch(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*", column):
            raise CrmError(
                f"company/crm_fields.yml: '{column}' for {name}.{ours} is no API name; write it as Salesforce does"
            )
        if column.lower() in {known.lower() for known in fields}:
            continue
        default = _API_FIELDS.get(name, {}).get(ours, ours)
        fields[column] = default if column == ours else column
        if word.endswith("!"):
            required.add(column)
    return Wanted(name, _API_OBJECTS.get(name, name), fields, frozenset(required))
