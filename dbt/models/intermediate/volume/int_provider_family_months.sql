with

claim_months as (

    select * from {{ ref('int_provider_claim_months') }}

),

years as (

    select * from {{ ref('int_provider_family_years') }}

),

spread as (

    {{ months_by_season('years', ['npi', 'has_claim_lines']) }}

),

final as (

    select
        npi,
        procedure_family,
        service_month as month,
        services,
        'claim_lines' as claims_source,
        false as is_estimated,
        true as has_claim_lines
    from claim_months

    union all

    select
        npi,
        procedure_family,
        month,
        services,
        'cms_claims' as claims_source,
        true as is_estimated,
        has_claim_lines
    from spread

)

select * from final
