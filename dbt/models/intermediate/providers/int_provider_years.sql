with

-- Counted months, and in the year in which claim lines begin the estimated ones before them.
months as (

    select * from {{ ref('int_provider_family_months') }}
    where has_claim_lines

),

-- A year that no claim line reaches is whole as published.
published as (

    select * from {{ ref('int_provider_family_years') }}
    where not has_claim_lines

),

families as (

    select * from {{ ref('int_families_listed') }}
    where has_procedure_codes

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

stays as (

    select * from {{ ref('int_provider_affiliations_dated') }}

),

changes as (

    select * from {{ ref('int_affiliation_changes') }}

),

calendar as (

    select * from {{ ref('int_affiliation_years') }}

),

-- Months that are not yet complete count for nothing: a year is told from whole months.
services as (

    select
        months.npi,
        months.procedure_family,
        year(months.month) as calendar_year,
        months.services,
        not months.is_estimated as is_of_claim_lines
    from months
    cross join windows
    where months.month <= windows.window_end_month

    union all

    select
        npi,
        procedure_family,
        data_year as calendar_year,
        cast(services as decimal(18, 6)) as services,
        false as is_of_claim_lines
    from published

),

performed as (

    select
        services.npi,
        services.calendar_year,
        sum(case when families.is_focus then services.services end) as focus_volume,
        count(distinct services.procedure_family) as families_billed,
        bool_or(services.is_of_claim_lines) as has_claim_lines
    from services
    inner join families
        on services.procedure_family = families.procedure_family
    group by services.npi, services.calendar_year

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

known as (

    select
        npi,
        calendar_year
    from performed

    union

    select
        npi,
        calendar_year
    from worked

),

final as (

    select
        known.npi,
        cast(known.calendar_year as bigint) as calendar_year,
        cast(round(performed.focus_volume, 3) as double) as focus_volume,
        performed.families_billed,
        cast(
            case
                when performed.has_claim_lines and windows.window_end_month < make_date(cast(known.calendar_year as integer), 12, 1)
                    then month(windows.window_end_month)
                when performed.npi is not null then 12
            end as bigint
        ) as months_told,
        worked.facilities,
        case when worked.npi is not null then coalesce(changed.affiliation_changes, 0) end as affiliation_changes
    from known
    cross join windows
    left join performed
        on known.npi = performed.npi and known.calendar_year = performed.calendar_year
    left join worked
        on known.npi = worked.npi and known.calendar_year = worked.calendar_year
    left join changed
        on known.npi = changed.npi and known.calendar_year = changed.calendar_year

)

select * from final
