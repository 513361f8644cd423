with

months as (

    select * from {{ ref('int_provider_family_months') }}
    where not is_estimated

),

published as (

    select
        npi,
        procedure_family,
        min(data_year) < min(year(first_claim_month)) as was_published_before
    from {{ ref('int_provider_family_years') }}
    group by npi, procedure_family

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
        months.month,
        cast(months.services as double) as services,
        coalesce(published.was_published_before, false) as was_published_before
    from months
    inner join families
        on months.procedure_family = families.procedure_family
    inner join providers
        on months.npi = providers.npi
    left join territories
        on providers.zip5 = territories.zip5
    left join published
        on months.npi = published.npi and months.procedure_family = published.procedure_family

)

select * from final
