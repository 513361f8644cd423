-- Beside a shown year, a month is never withheld alone: the year less the other months would tell it.
{{ config(meta={'dagster': {'ref': {'name': 'provider_diagnoses'}}}) }}

with

diagnoses as (

    select
        *,
        date_trunc('year', period_start) as year_start
    from {{ ref('provider_diagnoses') }}

),

years as (

    select
        npi,
        diagnosis_family,
        year_start,
        max(patients) filter (period_grain = 'year') as year_patients,
        count(*) filter (period_grain = 'month' and is_suppressed) as months_withheld,
        count(*) filter (period_grain = 'month') as months
    from diagnoses
    group by npi, diagnosis_family, year_start

),

final as (

    select *
    from years
    where
        months_withheld = 1
        and months > 1
        and year_patients is not null

)

select * from final
