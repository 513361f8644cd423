with

months as (

    select * from {{ ref('int_provider_family_months') }}
    where not is_estimated

),

families as (

    select * from {{ ref('int_families_listed') }}

),

providers as (

    select * from {{ ref('int_providers_registered') }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

final as (

    select
        months.npi,
        months.procedure_family,
        families.is_focus,
        territories.territory_id,
        providers.state,
        months.month,
        cast(months.services as double) as services
    from months
    inner join families
        on months.procedure_family = families.procedure_family
    inner join providers
        on months.npi = providers.npi
    inner join territories
        on months.npi = territories.npi

)

select * from final
order by npi, procedure_family, month
