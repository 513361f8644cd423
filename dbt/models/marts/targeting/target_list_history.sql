-- Spans of earlier lists are not built yet.
with

final as (

    select
        cast(null as varchar) as npi,
        cast(null as varchar) as territory_id,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        cast(null as varchar) as tier,
        cast(null as bigint) as rank,
        cast(null as varchar) as reason_for_change
    where false

)

select * from final
