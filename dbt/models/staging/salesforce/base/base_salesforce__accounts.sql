with

source as (

    select * from {{ source('salesforce', 'account') }}

),

newest as (

    {{ newest_versions('source', key='id', modified='lastmodifieddate') }}

),

exported as (

    select
        id,
        name,
        type,
        parentid,
        ccn__c,
        npi__c,
        gpo__c,
        billingcity,
        billingstate,
        billingpostalcode,
        ownerid,
        createddate,
        lastmodifieddate,
        isdeleted,
        ispersonaccount,
        firstname,
        lastname,
        persontitle,
        specialty__c,
        personmailingcity,
        personmailingstate,
        personmailingpostalcode,
        personphone,
        phone,
        personemail,
        persondonotcall,
        target__c
    from newest

)

select * from exported
