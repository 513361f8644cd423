with

stays as (

    select * from {{ ref('int_provider_affiliations_dated') }}

),

changes as (

    select * from {{ ref('int_affiliation_changes') }}

),

calendar as (

    select * from {{ ref('int_affiliation_years') }}

),

worked as (

    select
        stays.npi,
        calendar.calendar_year,
        count(distinct stays.facility_id) as facilities
    from stays
    inner join calendar
        on
            year(stays.valid_from) <= calendar.calendar_year
            and coalesce(year(stays.valid_to) >= calendar.calendar_year, true)
    group by stays.npi, calendar.calendar_year

),

changed as (

    select
        npi,
        year(changed_on) as calendar_year,
        count(*) as affiliation_changes
    from changes
    group by npi, year(changed_on)

),

final as (

    select
        worked.npi,
        cast(worked.calendar_year as bigint) as calendar_year,
        worked.facilities,
        coalesce(changed.affiliation_changes, 0) as affiliation_changes
    from worked
    left join changed
        on worked.npi = changed.npi and worked.calendar_year = changed.calendar_year

)

select * from final
