with

territories as (

    select * from {{ ref('int_territories_known') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

families as (

    select * from {{ ref('int_families_listed') }}

),

calls as (

    select
        *,
        {{ month_start('called_on') }} as month
    from {{ ref('int_calls') }}
    where called_on <= {{ as_of() }} and territory_id is not null

),

orders as (

    select
        *,
        {{ month_start('ordered_on') }} as month,
        min(ordered_on) over (partition by npi) as first_order_on
    from {{ ref('int_orders_activated') }}

),

market as (

    select * from {{ ref('int_territory_market') }}

),

associations as (

    select * from {{ ref('int_rep_associations') }}
    where not is_manager

),

beginning as (

    select min(either.month) as month
    from (
        select month from calls
        union all
        select month from orders
    ) as either

),

months as (

    select {{ one_row_each(months_from_to('beginning.month', month_start(as_of()))) }} as month
    from beginning

),

periods as (

    select
        territories.territory_id,
        months.month
    from territories
    cross join months

),

activity as (

    select
        territory_id,
        month,
        count_if(is_kept) as calls,
        count(distinct npi) filter (where is_kept) as providers_called,
        count_if(is_planned) as planned_calls,
        count_if(is_planned and is_kept) as planned_kept_calls,
        count_if(is_kept and kind = 'trial') as trials
    from calls
    group by territory_id, month

),

sales as (

    select
        orders.territory_id,
        orders.month,
        sum(orders.amount_usd) as orders_usd,
        sum(orders.quantity) filter (where families.is_focus) as focus_quantity
    from orders
    left join families
        on orders.procedure_family = families.procedure_family
    group by orders.territory_id, orders.month

),

-- A customer is new where the first order was taken.
first_orders as (

    select
        territory_id,
        month,
        count(distinct npi) as new_customers
    from orders
    where npi is not null and ordered_on = first_order_on
    group by territory_id, month

),

-- Seats of today's reps count from their first day; a former rep's seat in the months with kept calls.
seats as (

    select
        periods.territory_id,
        periods.month,
        count(distinct associations.rep_id) as reps_in_seat
    from periods
    inner join associations
        on periods.territory_id = associations.territory_id
    left join calls
        on
            associations.rep_id = calls.rep_id
            and periods.territory_id = calls.territory_id
            and periods.month = calls.month
            and calls.is_kept
    where
        (associations.is_in_seat and coalesce(associations.started_on <= {{ month_end('periods.month') }}, true))
        or calls.call_id is not null
    group by periods.territory_id, periods.month

),

final as (

    select
        periods.territory_id,
        periods.month,
        cast(coalesce(activity.calls, 0) as bigint) as calls,
        cast(coalesce(activity.providers_called, 0) as bigint) as providers_called,
        cast(coalesce(activity.planned_calls, 0) as bigint) as planned_calls,
        cast(coalesce(activity.calls, 0) as bigint) as kept_calls,
        activity.planned_kept_calls / nullif(activity.planned_calls, 0) as plan_adherence,
        (activity.calls - activity.planned_kept_calls) / nullif(activity.calls, 0) as unplanned_share,
        cast(coalesce(activity.trials, 0) as bigint) as trials,
        cast(coalesce(first_orders.new_customers, 0) as bigint) as new_customers,
        cast(coalesce(sales.orders_usd, 0) as double) as orders_usd,
        cast(market.market_volume as double) as market_volume,
        coalesce(cast(sales.focus_quantity as double), 0) / nullif(cast(market.market_volume as double), 0) as own_share,
        coalesce(seats.reps_in_seat, 0) * cast(settings.rep_annual_cost_usd as double) / 12 as rep_cost_usd,
        coalesce(cast(sales.orders_usd as double), 0)
        / nullif(coalesce(seats.reps_in_seat, 0) * cast(settings.rep_annual_cost_usd as double) / 12, 0) as roi,
        cast(null as boolean) as is_underperforming,
        'Not judged: results are not yet compared with what opportunity, workload and time in seat would predict.' as why
    from periods
    cross join settings
    left join activity
        on periods.territory_id = activity.territory_id and periods.month = activity.month
    left join sales
        on periods.territory_id = sales.territory_id and periods.month = sales.month
    left join first_orders
        on periods.territory_id = first_orders.territory_id and periods.month = first_orders.month
    left join market
        on periods.territory_id = market.territory_id and periods.month = market.month
    left join seats
        on periods.territory_id = seats.territory_id and periods.month = seats.month

)

select * from final
order by territory_id, month
