-- Spans of earlier lists are not built yet.
with

final as (

    select
        cast(null as string) as npi,
        cast(null as string) as territory_id,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        cast(null as string) as tier,
        cast(null as bigint) as rank,
        cast(null as string) as reason_for_change
    where false

)

select * from final
