with

-- Procedures of claim lines are published by month alone, so a year is counted for diagnoses only.
diagnoses as (

    select family_number
    from {{ ref('int_families_numbered') }}
    where family_kind = 'diagnosis'

),

closed as (

    select distinct
        cast(date_trunc('year', service_month) as date) as period_start,
        year_closes_on as closes_on
    from {{ ref('int_periods_closed') }}

),

-- Whoever was a patient in several months is one of the year.
patients as (

    select
        npi,
        family_number,
        cast(date_trunc('year', service_month) as date) as period_start,
        min(first_known_on) as first_known_on,
        bool_or(is_patient) as is_patient,
        bool_or(was_at_year_close) as was_at_close
    from {{ ref('int_claim_patients') }}
    where family_number in (select diagnoses.family_number from diagnoses)
    group by npi, family_number, cast(date_trunc('year', service_month) as date), person_hash

),

final as (

    {{ patients_by_period('patients', 'closed') }}

)

select * from final
