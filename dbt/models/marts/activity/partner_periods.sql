-- The partners of accounts are known, their contracts are not joined yet.
with

final as (

    select
        cast(null as string) as partner,
        cast(null as date) as quarter_start,
        cast(null as bigint) as facilities,
        cast(null as double) as orders_usd,
        cast(null as double) as share,
        cast(null as date) as contract_ends_on,
        cast(null as double) as volume_covered
    where false

)

select * from final
