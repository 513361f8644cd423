with

shared as (

    select * from {{ ref('stg_registry__shared_patients') }}
    where npi_1 <> npi_2

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

years as (

    select
        data_year,
        max(released_on) as released_on
    from shared
    group by data_year

),

dated as (

    select
        years.data_year,
        coalesce(
            years.released_on,
            cast(make_date(years.data_year, 12, 31) + cast(settings.lag_days_cms_claims as integer) as date),
            {{ since_ever() }}
        ) as known_on
    from years
    cross join settings

),

-- The newest year that is known on a day speaks on that day.
valid as (

    select
        data_year,
        known_on,
        coalesce(
            min(known_on) over (order by data_year nulls first rows between 1 following and unbounded following),
            {{ for_ever() }}
        ) as superseded_on
    from dated
    where known_on <= {{ as_of() }}

),

pairs as (

    select
        npi_1 as npi,
        npi_2 as peer_npi,
        data_year
    from shared
    union
    select
        npi_2 as npi,
        npi_1 as peer_npi,
        data_year
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
        on pairs.data_year is not distinct from valid.data_year
    where valid.superseded_on > valid.known_on

)

select * from final
