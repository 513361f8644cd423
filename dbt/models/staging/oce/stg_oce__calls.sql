with

source as (

    select * from {{ source('oce', 'call') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null', first=['createddate']) }}

),

renamed as (

    select
        id as call_id,
        account as account_id,
        ownerid as owner_id,
        lower(nullif(trim(status), '')) as status,
        lower(nullif(trim(calltype), '')) as type,
        lower(nullif(trim(channel), '')) as channel,
        calldatetime as called_at,
        createddate as created_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
