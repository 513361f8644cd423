with

source as (

    select * from {{ source('history', 'crm_refusals') }}

),

last_night as (

    select
        contact_id,
        npi,
        rule,
        since
    from source
    where as_of < {{ as_of() }}

)

select * from last_night
