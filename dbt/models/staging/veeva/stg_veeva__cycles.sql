with

source as (

    select * from {{ source('veeva', 'cycle') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as cycle_id,
        lower({{ replaced_everywhere('trim(status)', '_vod$|__v$', '') }}) as status,
        start_date as begins_on,
        end_date as ends_on
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
