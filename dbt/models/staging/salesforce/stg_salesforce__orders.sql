with

source as (

    select * from {{ source('salesforce', 'order') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as order_id,
        accountid as account_id,
        surgeon__c as contact_id,
        opportunityid as opportunity_id,
        ownerid as owner_id,
        lower(nullif(trim(status), '')) as status,
        effectivedate as ordered_on,
        totalamount as total_amount_usd
    from newest

)

select * from renamed
