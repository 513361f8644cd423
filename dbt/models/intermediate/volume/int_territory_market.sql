with

market as (

    select * from {{ ref('int_territory_family_market') }}

),

families as (

    select * from {{ ref('int_families_listed') }}

),

final as (

    select
        market.territory_id,
        market.month,
        cast(sum(market.market_volume) as decimal(18, 6)) as market_volume
    from market
    inner join families
        on market.procedure_family = families.procedure_family
    where families.is_focus
    group by market.territory_id, market.month

)

select * from final
order by territory_id, month
