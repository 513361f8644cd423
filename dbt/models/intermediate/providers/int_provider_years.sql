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

final as (

    select
        performed.npi,
        cast(performed.calendar_year as bigint) as calendar_year,
        cast(round(performed.focus_volume, 3) as double) as focus_volume,
        performed.families_billed,
        cast(
            case
                when
                    performed.has_claim_lines
                    and windows.window_end_month < make_date(cast(performed.calendar_year as integer), 12, 1)
                    then month(windows.window_end_month)
                else 12
            end as bigint
        ) as months_told
    from performed
    cross join windows

)

select * from final
