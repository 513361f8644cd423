with

orders as (

    select * from {{ ref('int_orders_activated') }}

),

final as (

    select
        npi,
        min(ordered_on) as first_order_on
    from orders
    where npi is not null
    group by npi

)

select * from final
order by npi
