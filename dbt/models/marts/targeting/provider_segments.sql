-- No segments are formed yet.
with

final as (

    select
        cast(null as varchar) as npi,
        cast(null as varchar) as segment
    where false

)

select * from final
