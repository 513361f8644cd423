"""Salesforce exports: one CSV an object, as Data Loader or the weekly export writes it.

Belongs here: the objects of a Salesforce org and their fields. Not here: what the other CRMs keep elsewhere.
"""

from dagster_project.ingest.contract import Contract, Layout
from dagster_project.ingest.crm_exports import KINDS, crm_contract, fields_of, own_field_names

_ACTIVITY = "id:id whoid:id whatid:id ownerid:id subject:text type:text status:text"
_FIELDS = {
    "User": "id:id name:text email:text isactive:flag managerid:id title:text start_date__c:date",
    "Territory2": "id:id name:text developername:code parentterritory2id:id",
    "UserTerritory2Association": "userid:id territory2id:id isactive:flag roleinterritory2:text",
    "Account": "id:id name:text type:text parentid:id ccn__c:code npi__c:code gpo__c:text billingstreet:text billingcity:text"
    " billingstate:text billingpostalcode:code ownerid:id createddate:time lastmodifieddate:time isdeleted:flag"
    " ispersonaccount:flag personcontactid:id firstname:text lastname:text persontitle:text specialty__c:text"
    " personmailingcity:text personmailingstate:text personmailingpostalcode:code personphone:text phone:text personemail:text"
    " persondonotcall:flag target__c:flag",
    "Contact": "id:id accountid:id firstname:text lastname:text title:text npi__c:code specialty__c:text"
    " stakeholder_role__c:text mailingstreet:text mailingcity:text mailingstate:text mailingpostalcode:code phone:text"
    " email:text donotcall:flag hasoptedoutofemail:flag target__c:flag ownerid:id createddate:time lastmodifieddate:time"
    " isdeleted:flag",
    "Task": f"{_ACTIVITY} activitydate:date createddate:time isdeleted:flag",
    "Event": f"{_ACTIVITY} activitydate:date startdatetime:time enddatetime:time createddate:time isdeleted:flag",
    "Opportunity": "id:id accountid:id primary_contact__c:id ownerid:id name:text type:text procedure_family__c:text"
    " stagename:text probability:share forecastcategoryname:text amount:money closedate:date createddate:time isclosed:flag"
    " iswon:flag lastmodifieddate:time isdeleted:flag",
    "OpportunityHistory": "id:id opportunityid:id stagename:text probability:share amount:money closedate:date"
    " forecastcategory:text createddate:time",
    "ForecastingItem": "id:id ownerid:id period_start__c:date submitted_on__c:date forecastcategoryname:text"
    " forecastamount:money",
    "Quota": "ownerid:id period_start__c:date quotaamount:money",
    "Campaign": "id:id name:text type:text procedure_family__c:text startdate:date enddate:date budgetedcost:money",
    "CampaignMember": "id:id campaignid:id contactid:id status:text hasresponded:flag firstrespondeddate:date createddate:time",
    "Contract": "id:id accountid:id startdate:date enddate:date status:text supplier__c:text procedure_family__c:text",
    "Order": "id:id accountid:id surgeon__c:id opportunityid:id ownerid:id effectivedate:date status:text totalamount:money",
    "OrderItem": "id:id orderid:id procedure_family__c:text quantity:number unitprice:money",
    "Competitor_Activity__c": "id:id account__c:id contact__c:id competitor__c:text observed_on__c:date ownerid:id",
}
_SIGNATURES = {
    "User": "id name isactive",
    "Territory2": "id developername",
    "UserTerritory2Association": "userid territory2id",
    "Account": "id name",
    "Contact": "id lastname accountid",
    "Task": "id ownerid activitydate",
    "Event": "id ownerid startdatetime",
    "Opportunity": "id stagename closedate",
    "OpportunityHistory": "id opportunityid stagename",
    "ForecastingItem": "ownerid forecastamount",
    "Quota": "ownerid quotaamount",
    "Campaign": "id name startdate",
    "CampaignMember": "id campaignid",
    "Contract": "id accountid startdate",
    "Order": "id accountid effectivedate",
    "OrderItem": "id orderid",
    "Competitor_Activity__c": "id competitor__c",
}
_TABLES = {
    "UserTerritory2Association": "user_territory2_association",
    "OpportunityHistory": "opportunity_history",
    "ForecastingItem": "forecasting_item",
    "CampaignMember": "campaign_member",
    "OrderItem": "order_item",
    "Competitor_Activity__c": "competitor_activity",
}


_ALL_TABLES = {crm_object: _TABLES.get(crm_object, crm_object.lower()) for crm_object in _FIELDS}


def _contract(crm_object: str) -> Contract:
    kinds = {name: KINDS[kind] for name, kind in fields_of(_FIELDS[crm_object])}
    layout = Layout(f"{crm_object} export", {name: name for name in kinds}, tuple(_SIGNATURES[crm_object].split()))
    pattern = rf"(?<![a-z]){crm_object.lower()}(?![a-z0-9])"
    return crm_contract(_ALL_TABLES[crm_object], pattern, kinds, (layout,), "id")


CONTRACTS = tuple(_contract(crm_object) for crm_object in _FIELDS)
field_names = own_field_names({crm_object.lower(): table for crm_object, table in _ALL_TABLES.items()})
