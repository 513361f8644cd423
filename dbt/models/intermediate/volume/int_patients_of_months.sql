with

closed as (

    select
        service_month as period_start,
        month_closes_on as closes_on
    from {{ ref('int_periods_closed') }}

),

patients as (

    select
        npi,
        family_number,
        service_month as period_start,
        first_known_on,
        is_patient,
        was_at_month_close as was_at_close
    from {{ ref('int_claim_patients') }}

),

final as (

    {{ patients_by_period('patients', 'closed') }}

)

select * from final
