with

services as (

    select * from {{ ref('int_claim_services') }}
    where superseded_on = {{ for_ever() }}

),

begun as (

    select
        procedure_family,
        min(service_month) as first_month
    from services
    group by procedure_family

),

begun_beside as (

    select
        begun.procedure_family,
        begun.first_month,
        volume_windows.window_end_month,
        make_date(year({{ months_after('volume_windows.window_end_month', 1) }}) - 1, 12, 1) as last_december
    from begun
    cross join {{ ref('int_volume_windows') }} as volume_windows

),

-- Calendar years tell the season, so that it stands from one December to the next; while a family has none yet, the last twelve months.
ended as (

    select
        procedure_family,
        first_month,
        case when {{ months_between('first_month', 'last_december') }} >= 11 then last_december else window_end_month end
            as last_month
    from begun_beside

),

-- A family whose code is younger than the claim lines is seen since it is there.
windows as (

    select
        procedure_family,
        last_month,
        {{ whole_quotient('least(' ~ months_between('first_month', 'last_month') ~ ' + 1, 36)', 12) }} as years_seen
    from ended

),

families as (

    select procedure_family from {{ ref('int_families_listed') }}
    where has_procedure_codes

),

calendar as (

    select {{ one_row_each(numbers_from_to(1, 12)) }} as month_of_year

),

-- Whole years only (up to three), so that each calendar month counts as often as every other.
by_month as (

    select
        services.procedure_family,
        month(services.service_month) as month_of_year,
        sum(services.services) as services
    from services
    inner join windows
        on
            services.procedure_family = windows.procedure_family
            and services.service_month <= windows.last_month
            and services.service_month > {{ months_after('windows.last_month', '-12 * windows.years_seen') }}
    group by services.procedure_family, month(services.service_month)

),

totals as (

    select
        procedure_family,
        sum(services) as services
    from by_month
    group by procedure_family

),

-- A family without a whole year of claim lines has no known season: each month is a twelfth.
final as (

    select
        families.procedure_family,
        calendar.month_of_year,
        case
            when totals.services > 0
                then cast(coalesce(by_month.services, 0) as double) / cast(totals.services as double)
            else cast(1 as double) / 12
        end as year_share
    from families
    cross join calendar
    left join totals
        on families.procedure_family = totals.procedure_family
    left join by_month
        on
            families.procedure_family = by_month.procedure_family
            and calendar.month_of_year = by_month.month_of_year

)

select * from final
