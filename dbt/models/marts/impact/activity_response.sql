-- The response to calls is not estimated yet.
with

final as (

    select
        cast(null as string) as segment,
        cast(null as bigint) as calls_per_quarter,
        cast(null as double) as expected_orders_usd,
        cast(null as double) as marginal_usd
    where false

)

select * from final
