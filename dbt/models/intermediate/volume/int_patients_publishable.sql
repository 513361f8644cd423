with

counted as (

    select
        *,
        cast(date_trunc('year', period_start) as date) as year_start
    from {{ ref('int_patients_counted') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

small as (

    select
        counted.*,
        settings.cell_suppression_minimum,
        counted.patients < settings.cell_suppression_minimum as is_small
    from counted
    cross join settings

),

-- Where a year stands beside its months, what the months withhold together must not be a small count either.
years as (

    select
        *,
        row_number() over (
            partition by npi, family_kind, family, year_start, period_grain, is_small
            order by patients, period_start
        ) as place,
        bool_or(period_grain = 'year' and not is_small) over family_years as is_year_shown,
        count(*) filter (where period_grain = 'month' and is_small) over family_years as months_withheld,
        coalesce(sum(patients) filter (where period_grain = 'month' and is_small) over family_years, 0) as patients_withheld
    from small
    window family_years as (partition by npi, family_kind, family, year_start)

),

-- If it is, the smallest month that could be shown is withheld too.
final as (

    select
        npi,
        family_kind,
        family,
        period_start,
        period_grain,
        is_small
        or (
            is_year_shown
            and period_grain = 'month'
            and months_withheld > 0
            and (months_withheld = 1 or patients_withheld < cell_suppression_minimum)
            and place = 1
        ) as is_suppressed,
        case when not is_suppressed then patients end as patients
    from years

)

select * from final
