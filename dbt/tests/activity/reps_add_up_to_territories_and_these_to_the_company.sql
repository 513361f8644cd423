-- Each month the reps of a territory sum to it, and territories, overlays and owners without a territory to all orders and kept calls.
{{ config(meta={'dagster': {'ref': {'name': 'rep_periods'}}}) }}

with

reps as (

    select
        territory_id,
        month,
        sum(calls) as calls,
        sum(trials) as trials,
        sum(deals_closed) as deals_closed,
        sum(new_customers) as new_customers,
        sum(cast(orders_usd as decimal(18, 2))) as orders_usd,
        sum(cast(rep_cost_usd as decimal(18, 2))) as rep_cost_usd
    from {{ ref('rep_periods') }}
    where territory_id is not null
    group by territory_id, month

),

territories as (

    select * from {{ ref('territory_periods') }}

),

in_territories as (

    select
        sum(calls) as calls,
        sum(cast(orders_usd as decimal(18, 2))) as orders_usd
    from territories

),

in_the_company as (

    select
        (
            select count(*) from {{ ref('calls') }}
            where is_kept and territory_id is not null
        ) as calls,
        (
            select sum(cast(amount_usd as decimal(18, 2))) from {{ ref('orders') }}
            where territory_id is not null
        ) as orders_usd

),

final as (

    select
        territories.territory_id,
        territories.month
    from territories
    left join reps
        on territories.territory_id = reps.territory_id and territories.month = reps.month
    where
        territories.calls <> coalesce(reps.calls, 0)
        or territories.trials <> coalesce(reps.trials, 0)
        or territories.deals_closed <> coalesce(reps.deals_closed, 0)
        or territories.new_customers <> coalesce(reps.new_customers, 0)
        or abs(territories.orders_usd - coalesce(reps.orders_usd, 0)) > 0.005
        or abs(territories.rep_cost_usd - coalesce(reps.rep_cost_usd, 0)) > 0.05

    union all

    select
        'company' as territory_id,
        cast(null as date) as month
    from in_territories
    cross join in_the_company
    where
        coalesce(in_territories.calls, 0) <> in_the_company.calls
        or abs(coalesce(in_territories.orders_usd, 0) - coalesce(in_the_company.orders_usd, 0)) > 0.005

)

select * from final
