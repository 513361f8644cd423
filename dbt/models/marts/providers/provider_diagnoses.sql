with

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

patients as (

    select * from {{ ref('int_patients_publishable') }}
    where family_kind = 'diagnosis'

),

final as (

    select
        patients.npi,
        patients.family as diagnosis_family,
        patients.period_start,
        patients.period_grain,
        patients.patients,
        patients.is_suppressed
    from patients
    anti join opted_out
        on patients.npi = opted_out.npi

)

select * from final
order by npi, diagnosis_family, period_start, period_grain
