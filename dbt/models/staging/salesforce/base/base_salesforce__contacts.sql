with

source as (

    select * from {{ source('salesforce', 'contact') }}

),

newest as (

    {{ newest_versions('source', key='id', modified='lastmodifieddate') }}

),

exported as (

    select
        id,
        accountid,
        firstname,
        lastname,
        title,
        npi__c,
        specialty__c,
        stakeholder_role__c,
        mailingcity,
        mailingstate,
        mailingpostalcode,
        phone,
        email,
        donotcall,
        target__c,
        ownerid,
        createddate,
        lastmodifieddate,
        isdeleted
    from newest

)

select * from exported
