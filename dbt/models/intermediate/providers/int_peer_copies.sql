with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

copies as (

    select * from {{ ref('int_peer_copies_delivered') }}

),

dated as (

    select
        copies.data_year,
        copies.released_on,
        coalesce(
            copies.released_on,
            cast(make_date(copies.data_year, 12, 31) + cast(settings.lag_days_cms_claims as integer) as date),
            {{ since_ever() }}
        ) as known_on
    from copies
    cross join settings

),

-- The newest year that is known on a day speaks on that day, by the newest copy of it.
final as (

    select
        data_year,
        released_on,
        known_on,
        coalesce(
            min(known_on) over (
                order by data_year asc nulls first, known_on asc, released_on asc nulls first
                rows between 1 following and unbounded following
            ),
            {{ for_ever() }}
        ) as superseded_on
    from dated
    where known_on <= {{ as_of() }}

)

select * from final
where superseded_on > known_on
