with

providers as (

    select * from {{ ref('int_providers_registered') }}

),

clinicians as (

    select * from {{ ref('int_clinicians_known') }}

),

-- NPIs were first given out in 2005, by May 2008 to everybody in practice: an NPI of those days dates no career.
final as (

    select
        providers.npi,
        coalesce(clinicians.graduation_year, year(providers.enumerated_on)) as started_year,
        case
            when clinicians.graduation_year is not null then 'graduation'
            when providers.enumerated_on <= date '2008-05-23' then 'first_npis'
            when providers.enumerated_on is not null then 'enumeration'
        end as basis
    from providers
    left join clinicians
        on providers.npi = clinicians.npi

)

select * from final
