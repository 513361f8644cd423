with

overlays as (

    select territory_id
    from {{ ref('int_territories_known') }}
    where is_overlay

),

orders as (

    select * from {{ ref('int_orders_activated') }}

),

-- The customer is the provider who orders, or the account where the surgeon is not known: whoever ordered there before.
dated as (

    select
        *,
        case
            when npi is not null then ordered_on > min(ordered_on) over (partition by npi)
            else ordered_on > min(ordered_on) over (partition by coalesce(account_id, order_id))
        end as is_existing_customer
    from orders

),

final as (

    select
        territory_id,
        rep_id,
        procedure_family,
        {{ month_start('ordered_on') }} as month,
        cast(sum(quantity) as double) as quantity,
        cast(sum(amount_usd) as double) as amount_usd,
        is_existing_customer
    from dated
    where territory_id is null or territory_id not in (select overlays.territory_id from overlays)
    group by all

)

select * from final
order by territory_id, rep_id, procedure_family, month, is_existing_customer
