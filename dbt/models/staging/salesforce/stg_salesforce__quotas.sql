with

source as (

    select * from {{ source('salesforce', 'quota') }}

),

newest as (

    select *
    from source
    where ownerid is not null and period_start__c is not null
    qualify {{ newest_copy('ownerid, period_start__c') }}

),

renamed as (

    select
        ownerid as owner_id,
        period_start__c as period_start,
        quotaamount as quota_usd
    from newest

)

select * from renamed
