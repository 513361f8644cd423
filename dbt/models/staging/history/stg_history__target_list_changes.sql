with

source as (

    select * from {{ source('history', 'target_list_changes') }}

),

earlier as (

    select
        npi,
        territory_id,
        change,
        reason,
        as_of as changed_on
    from source
    where as_of < {{ as_of() }}

)

select * from earlier
