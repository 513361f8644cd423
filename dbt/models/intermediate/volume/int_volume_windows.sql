with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

services as (

    select min(service_month) as first_claim_month
    from {{ ref('int_claim_services') }}
    where superseded_on = {{ for_ever() }}

),

complete as (

    select
        services.first_claim_month,
        {{ last_complete_month(as_of() ~ ' - cast(settings.lag_days_claim_lines as integer)') }} as window_end_month
    from settings
    cross join services

),

-- Twelve whole months that end with the last complete one, and the twelve before them.
windows as (

    select
        first_claim_month,
        window_end_month,
        cast(window_end_month - interval 11 months as date) as window_start_month,
        cast(window_end_month - interval 12 months as date) as prior_end_month,
        cast(window_end_month - interval 23 months as date) as prior_start_month
    from complete

),

-- Silence is zero where claim lines reach back over the whole of a window, else unknown.
final as (

    select
        *,
        case when first_claim_month <= window_start_month then cast(0 as double) end as silent_volume,
        case when first_claim_month <= prior_start_month then cast(0 as double) end as silent_prior_volume
    from windows

)

select * from final
