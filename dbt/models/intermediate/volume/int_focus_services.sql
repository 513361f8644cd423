with

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus

),

final as (

    select
        claim_months.npi,
        claim_months.service_month as month,
        cast(sum(claim_months.services) as decimal(18, 6)) as services
    from {{ ref('int_provider_claim_months') }} as claim_months
    semi join families
        on claim_months.procedure_family = families.procedure_family
    group by claim_months.npi, claim_months.service_month

)

select * from final
