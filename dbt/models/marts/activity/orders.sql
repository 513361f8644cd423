with

orders as (

    select * from {{ ref('int_orders_activated') }}

),

final as (

    select
        order_id,
        procedure_family,
        npi,
        account_id,
        rep_id,
        territory_id,
        ordered_on,
        cast(quantity as bigint) as quantity,
        cast(amount_usd as double) as amount_usd
    from orders

)

select * from final
order by order_id, procedure_family
