with

source as (

    select * from {{ source('history', 'target_list') }}

),

earlier as (

    select
        npi,
        territory_id,
        rep_id,
        tier,
        rank,
        calls_per_quarter,
        assignment,
        adoption_probability,
        open_revenue_usd,
        kept_share,
        drive_minutes,
        as_of as listed_on
    from source
    where as_of < {{ as_of() }}

)

select * from earlier
