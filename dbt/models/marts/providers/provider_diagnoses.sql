with

patients as (

    select * from {{ ref('int_patients_publishable') }}
    where family_kind = 'diagnosis'

),

final as (

    select
        npi,
        family as diagnosis_family,
        period_start,
        period_grain,
        patients,
        is_suppressed
    from patients

)

select * from final
order by npi, diagnosis_family, period_start, period_grain
