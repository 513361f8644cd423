with

source as (

    select * from {{ source('company', 'settings') }}

),

renamed as (

    select
        name as company_name,
        currency,
        timezone,
        own_manufacturers,
        fiscal_year_start_month,
        adoption_horizon_days,
        forecast_horizon_quarters,
        rep_annual_cost_usd,
        calls_per_rep_per_week,
        planned_notice_days,
        calls_per_provider_per_quarter,
        cell_suppression_minimum,
        patient_run_out_days,
        holdout_share,
        feedback_holds_days,
        lag_days_cms_claims,
        lag_days_open_payments,
        lag_days_claim_lines
    from source

)

select * from renamed
