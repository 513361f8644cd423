-- No alignment is computed yet.
with

final as (

    select
        cast(null as varchar) as zip5,
        cast(null as varchar) as from_territory_id,
        cast(null as varchar) as to_territory_id,
        cast(null as varchar) as reason,
        cast(null as json) as effect
    where false

)

select * from final
