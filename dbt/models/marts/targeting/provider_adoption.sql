with

-- Of focus families, and nobody who opted out.
volume as (

    select * from {{ ref('int_provider_family_opportunity') }}
    where annual_volume > 0

),

providers as (

    select npi from {{ ref('int_providers_registered') }}
    where is_active

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

orders as (

    select
        npi,
        procedure_family,
        min(ordered_on) as first_order_on
    from {{ ref('int_orders_activated') }}
    where npi is not null
    group by npi, procedure_family

),

final as (

    select
        volume.npi,
        volume.procedure_family,
        territories.territory_id,
        volume.annual_volume,
        orders.first_order_on is not null as is_customer,
        orders.first_order_on,
        {{ as_of() }} as as_of
    from volume
    inner join providers
        on volume.npi = providers.npi
    left join territories
        on volume.npi = territories.npi
    left join orders
        on volume.npi = orders.npi and volume.procedure_family = orders.procedure_family

)

select * from final
order by npi, procedure_family
