with

source as (

    select * from {{ source('oce', 'call') }}

),

newest as (

    select *
    from source
    where id is not null
    qualify {{ newest_copy('id', ['createddate']) }}

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
