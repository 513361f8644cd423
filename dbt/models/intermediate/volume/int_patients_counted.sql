with

patients as (

    select * from {{ ref('int_claim_patients') }}

),

months as (

    select
        npi,
        family_kind,
        family,
        service_month as period_start,
        'month' as period_grain,
        count(distinct person_key) as patients
    from patients
    group by npi, family_kind, family, service_month

),

-- Procedures of claim lines are published by month alone, so a year is counted for diagnoses only.
years as (

    select
        npi,
        family_kind,
        family,
        cast(date_trunc('year', service_month) as date) as period_start,
        'year' as period_grain,
        count(distinct person_key) as patients
    from patients
    where family_kind = 'diagnosis'
    group by npi, family_kind, family, cast(date_trunc('year', service_month) as date)

),

final as (

    select * from months
    union all
    select * from years

)

select * from final
