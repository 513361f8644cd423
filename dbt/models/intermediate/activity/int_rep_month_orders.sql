with

orders as (

    select
        *,
        {{ month_start('ordered_on') }} as month,
        row_number() over (partition by npi order by ordered_on asc, order_id asc, procedure_family asc) as order_of_provider
    from {{ ref('int_orders_activated') }}

),

families as (

    select * from {{ ref('int_families_listed') }}

),

-- A customer is new where the first order was taken, once in the company.
final as (

    select
        orders.rep_id,
        orders.territory_id,
        orders.month,
        count(distinct orders.order_id) as orders,
        count(*) filter (where orders.npi is not null and orders.order_of_provider = 1) as new_customers,
        cast(coalesce(sum(orders.quantity) filter (where families.is_focus), 0) as decimal(18, 3)) as focus_quantity,
        cast(coalesce(sum(orders.amount_usd), 0) as decimal(18, 5)) as orders_usd
    from orders
    left join families
        on orders.procedure_family = families.procedure_family
    group by orders.rep_id, orders.territory_id, orders.month

)

select * from final
order by rep_id, territory_id, month
