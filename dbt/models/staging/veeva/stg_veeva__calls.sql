with

source as (

    select * from {{ source('veeva', 'call') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null', first=['createddate']) }}

),

renamed as (

    select
        id as call_id,
        account as account_id,
        ownerid as owner_id,
        lower({{ replaced_everywhere('trim(status)', '_vod$|__v$', '') }}) as status,
        lower({{ replaced_everywhere('trim(call_type)', '_vod$|__v$', '') }}) as type,
        lower({{ replaced_everywhere('trim(call_channel)', '_vod$|__v$', '') }}) as channel,
        call_datetime as called_at,
        call_date as called_on,
        duration as duration_minutes,
        createddate as created_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
