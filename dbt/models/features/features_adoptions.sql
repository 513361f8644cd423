with

final as (

    select
        npi,
        first_order_on
    from {{ ref('int_first_orders') }}

)

select * from final
order by npi
