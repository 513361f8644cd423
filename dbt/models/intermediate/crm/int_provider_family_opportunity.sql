with

volume as (

    select volumes.*
    from {{ ref('int_provider_family_volume') }} as volumes
    anti join {{ ref('int_providers_opted_out') }} as opted_out
        on volumes.npi = opted_out.npi
    where volumes.is_focus

),

orders as (

    select
        npi,
        procedure_family,
        cast(sum(quantity) as double) as own_quantity
    from {{ ref('int_orders_activated') }}
    where npi is not null and ordered_on > {{ as_of() }} - interval 12 month
    group by npi, procedure_family

),

families as (

    select * from {{ ref('int_families_listed') }}

),

-- The yearly volume that is not ours yet, and what it would earn; of who opted out, nothing that could be told by it.
final as (

    select
        volume.npi,
        volume.procedure_family,
        volume.annual_volume,
        coalesce(orders.own_quantity, 0) as own_quantity,
        greatest(coalesce(volume.annual_volume, 0) - coalesce(orders.own_quantity, 0), 0) as open_volume,
        greatest(coalesce(volume.annual_volume, 0) - coalesce(orders.own_quantity, 0), 0)
        * coalesce(cast(families.revenue_per_procedure_usd as double), 0) as open_revenue_usd
    from volume
    inner join families
        on volume.procedure_family = families.procedure_family
    left join orders
        on volume.npi = orders.npi and volume.procedure_family = orders.procedure_family

)

select * from final
order by npi, procedure_family
