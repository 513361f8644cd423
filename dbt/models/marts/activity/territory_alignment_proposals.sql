-- No alignment is computed yet.
with

final as (

    select
        cast(null as string) as zip5,
        cast(null as string) as from_territory_id,
        cast(null as string) as to_territory_id,
        cast(null as string) as reason,
        cast(null as {{ json_type() }}) as effect
    where false

)

select * from final
