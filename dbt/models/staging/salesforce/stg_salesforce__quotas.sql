with

source as (

    select * from {{ source('salesforce', 'quota') }}

),

newest as (

    select *
    from source
    where ownerid is not null and period_start__c is not null
    qualify row_number() over (
        partition by ownerid, period_start__c
        order by
            _released_on desc nulls last,
            _release desc nulls last,
            _file desc,
            _row desc
    ) = 1

),

renamed as (

    select
        ownerid as owner_id,
        period_start__c as period_start,
        quotaamount as quota_usd
    from newest

)

select * from renamed
