with

source as (

    select * from {{ source('salesforce', 'quota') }}

),

newest as (

    {{ newest_copies('source', key='ownerid, period_start__c', given='ownerid is not null and period_start__c is not null') }}

),

renamed as (

    select
        ownerid as owner_id,
        period_start__c as period_start,
        quotaamount as quota_usd
    from newest

)

select * from renamed
