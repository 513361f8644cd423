with

-- Volumes are looked back upon for as long as there are snapshots; an earlier month would lose its opportunity one night.
snapshots as (

    select {{ month_start('min(snapshot_on)') }} as first_month
    from {{ ref('int_snapshots') }}

),

seats as (

    select seats_known.*
    from {{ ref('int_territory_seats') }} as seats_known
    inner join snapshots
        on seats_known.month >= snapshots.first_month
    where seats_known.is_over

),

opportunity as (

    select * from {{ ref('int_territory_opportunity') }}

),

-- A call that was written down after its month had ended was not known then.
calls as (

    select
        territory_id,
        {{ month_start('called_on') }} as month,
        count(*) as calls
    from {{ ref('int_calls') }}
    where is_kept and known_on <= {{ month_end('called_on') }}
    group by territory_id, {{ month_start('called_on') }}

),

orders as (

    select
        territory_id,
        {{ month_start('ordered_on') }} as month,
        count(distinct order_id) as orders,
        sum(amount_usd) as orders_usd
    from {{ ref('int_orders_activated') }}
    group by territory_id, {{ month_start('ordered_on') }}

),

final as (

    select
        seats.territory_id,
        seats.month,
        seats.is_overlay,
        seats.rep_id,
        seats.reps_in_seat,
        seats.months_in_seat,
        seats.is_before_first_rep,
        seats.is_served_from_elsewhere,
        coalesce(calls.calls, 0) as calls,
        coalesce(orders.orders, 0) as orders,
        cast(coalesce(orders.orders_usd, 0) as double) as orders_usd,
        opportunity.potential_usd,
        opportunity.opportunity_usd,
        opportunity.provider_orders_usd,
        opportunity.potential_squares,
        opportunity.potential_by_orders,
        opportunity.orders_squares
    from seats
    left join opportunity
        on seats.territory_id = opportunity.territory_id and seats.month = opportunity.month
    left join calls
        on seats.territory_id = calls.territory_id and seats.month = calls.month
    left join orders
        on seats.territory_id = orders.territory_id and seats.month = orders.month

)

select * from final
order by territory_id, month
