with

public_services as (

    select * from {{ ref('int_public_services') }}
    where superseded_on = {{ for_ever() }}

),

coverage as (

    select * from {{ ref('int_provider_family_coverage') }}

),

-- Years as published, with the month from which claim lines take over. Lines that begin in a later year say nothing of this one, so a
-- newcomer to claim lines leaves the years before as they were.
final as (

    select
        public_services.npi,
        public_services.procedure_family,
        public_services.data_year,
        public_services.services,
        coverage.first_claim_month,
        coverage.npi is not null as has_claim_lines
    from public_services
    left join coverage
        on
            public_services.npi = coverage.npi
            and public_services.procedure_family = coverage.procedure_family
            and public_services.data_year >= year(coverage.first_claim_month)

)

select * from final
