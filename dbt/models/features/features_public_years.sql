with

years as (

    select * from {{ ref('int_provider_family_years') }}

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
        years.npi,
        years.procedure_family,
        families.is_focus,
        cast(years.data_year as bigint) as year,
        cast(years.services as double) as services,
        providers.state,
        territories.territory_id
    from years
    inner join families
        on years.procedure_family = families.procedure_family
    inner join providers
        on years.npi = providers.npi
    left join territories
        on providers.zip5 = territories.zip5

)

select * from final
order by npi, procedure_family, year
