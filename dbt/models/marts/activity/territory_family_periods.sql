with

market as (

    select * from {{ ref('int_territory_family_market') }}

),

families as (

    select * from {{ ref('int_families_listed') }}

),

orders as (

    select
        territory_id,
        procedure_family,
        {{ month_start('ordered_on') }} as month,
        sum(quantity) as quantity,
        sum(amount_usd) as orders_usd
    from {{ ref('int_orders_activated') }}
    where territory_id is not null
    group by territory_id, procedure_family, {{ month_start('ordered_on') }}

),

territories as (

    select * from {{ ref('int_territories_known') }}

),

-- Where claims tell of a family in a month, a territory without any has none; later months are unknown.
told as (

    select distinct
        procedure_family,
        month
    from market

),

periods as (

    select
        territory_id,
        procedure_family,
        month
    from market
    union distinct
    select
        territory_id,
        procedure_family,
        month
    from orders

),

measured as (

    select
        periods.territory_id,
        periods.procedure_family,
        periods.month,
        coalesce(families.is_focus, false) as is_focus,
        cast(coalesce(orders.quantity, 0) as bigint) as quantity,
        cast(coalesce(orders.orders_usd, 0) as double) as orders_usd,
        case
            when not coalesce(territories.is_overlay, false) and told.month is not null
                then cast(coalesce(market.market_volume, 0) as double)
        end as market_volume
    from periods
    left join told
        on
            periods.procedure_family = told.procedure_family
            and periods.month = told.month
    left join territories
        on periods.territory_id = territories.territory_id
    left join market
        on
            periods.territory_id = market.territory_id
            and periods.procedure_family = market.procedure_family
            and periods.month = market.month
    left join orders
        on
            periods.territory_id = orders.territory_id
            and periods.procedure_family = orders.procedure_family
            and periods.month = orders.month
    left join families
        on periods.procedure_family = families.procedure_family

),

final as (

    select
        territory_id,
        procedure_family,
        month,
        is_focus,
        quantity,
        orders_usd,
        market_volume,
        cast(quantity as double) / nullif(market_volume, 0) as own_share
    from measured

)

select * from final
order by territory_id, procedure_family, month
