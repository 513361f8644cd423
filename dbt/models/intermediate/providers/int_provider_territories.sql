with

providers as (

    select * from {{ ref('int_providers_registered') }}

),

territories as (

    select * from {{ ref('int_zip_primary_territories') }}

),

final as (

    select
        providers.npi,
        territories.territory_id
    from providers
    left join territories
        on providers.zip5 = territories.zip5

)

select * from final
order by npi
