with

final as (

    select
        npi,
        family_number,
        period_start,
        'month' as period_grain,
        year_start,
        closes_on,
        patients,
        patients_at_close
    from {{ ref('int_patients_of_months') }}

    union all

    select
        npi,
        family_number,
        period_start,
        'year' as period_grain,
        year_start,
        closes_on,
        patients,
        patients_at_close
    from {{ ref('int_patients_of_years') }}

)

select * from final
