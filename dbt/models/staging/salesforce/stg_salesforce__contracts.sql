with

source as (

    select * from {{ source('salesforce', 'contract') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as contract_id,
        accountid as account_id,
        nullif(trim(supplier__c), '') as supplier,
        nullif(trim(procedure_family__c), '') as procedure_family,
        lower(nullif(trim(status), '')) as status,
        startdate as starts_on,
        enddate as ends_on
    from newest

)

select * from renamed
