with

shared as (

    select * from {{ ref('stg_registry__shared_patients') }}
    where npi_1 <> npi_2

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

copies as (

    select distinct
        data_year,
        released_on
    from shared

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
valid as (

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

),

pairs as (

    select
        npi_1 as npi,
        npi_2 as peer_npi,
        data_year,
        released_on
    from shared
    union
    select
        npi_2 as npi,
        npi_1 as peer_npi,
        data_year,
        released_on
    from shared

),

final as (

    select
        pairs.npi,
        pairs.peer_npi,
        valid.known_on,
        valid.superseded_on
    from pairs
    inner join valid
        on
            pairs.data_year is not distinct from valid.data_year
            and pairs.released_on is not distinct from valid.released_on
    where valid.superseded_on > valid.known_on

)

select * from final
