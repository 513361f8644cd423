with

months as (

    select * from {{ ref('int_provider_claim_months') }}

),

published as (

    select
        npi,
        procedure_family,
        min(data_year) as first_year
    from {{ ref('int_public_services') }}
    where superseded_on = {{ for_ever() }}
    group by npi, procedure_family

),

coverage as (

    select
        coverage.npi,
        coverage.procedure_family,
        coverage.first_claim_month,
        coalesce(published.first_year < year(coverage.first_claim_month), false) as was_published_before
    from {{ ref('int_provider_family_coverage') }} as coverage
    left join published
        on coverage.npi = published.npi and coverage.procedure_family = published.procedure_family

),

families as (

    select * from {{ ref('int_families_listed') }}

),

providers as (

    select * from {{ ref('int_providers_in_registers') }}

),

territories as (

    select * from {{ ref('int_zip_primary_territories') }}

),

final as (

    select
        months.npi,
        months.procedure_family,
        families.is_focus,
        territories.territory_id,
        providers.state,
        months.service_month as month,
        cast(months.services as double) as services,
        coverage.was_published_before
    from months
    inner join families
        on months.procedure_family = families.procedure_family
    inner join providers
        on months.npi = providers.npi
    left join territories
        on providers.zip5 = territories.zip5
    inner join coverage
        on
            months.npi = coverage.npi
            and months.procedure_family = coverage.procedure_family
            and months.service_month >= coverage.first_claim_month

)

select * from final
