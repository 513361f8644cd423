-- Beside a shown year, what the year has more than a month, and what the months have more than the year, is never a small count.
{{ config(meta={'dagster': {'ref': {'name': 'provider_diagnoses'}}}) }}

with

diagnoses as (

    select
        *,
        cast(date_trunc('year', period_start) as date) as year_start
    from {{ ref('provider_diagnoses') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

years as (

    select
        npi,
        diagnosis_family,
        year_start,
        max(patients) filter (where period_grain = 'year') as year_patients,
        coalesce(max(patients) filter (where period_grain = 'month'), 1) as largest_month,
        coalesce(sum(patients) filter (where period_grain = 'month'), 0) as patients_shown,
        count(*) filter (where period_grain = 'month' and is_suppressed) as months_withheld
    from diagnoses
    group by npi, diagnosis_family, year_start

),

final as (

    select years.*
    from years
    cross join settings
    where
        settings.cell_suppression_minimum > 1
        and years.year_patients is not null
        and (
            years.year_patients - years.largest_month < settings.cell_suppression_minimum
            or years.patients_shown + years.months_withheld * (settings.cell_suppression_minimum - 1) - years.year_patients
            < settings.cell_suppression_minimum
        )

)

select * from final
