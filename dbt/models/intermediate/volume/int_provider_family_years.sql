with

public_services as (

    select * from {{ ref('int_public_services') }}
    where superseded_on = {{ for_ever() }}

),

coverage as (

    select * from {{ ref('int_provider_family_coverage') }}

),

-- Years as published, with the month from which claim lines take over.
final as (

    select
        public_services.npi,
        public_services.procedure_family,
        public_services.data_year,
        public_services.services,
        coverage.first_claim_month,
        coalesce(year(coverage.first_claim_month) <= public_services.data_year, false) as has_claim_lines
    from public_services
    left join coverage
        on
            public_services.npi = coverage.npi
            and public_services.procedure_family = coverage.procedure_family

)

select * from final
