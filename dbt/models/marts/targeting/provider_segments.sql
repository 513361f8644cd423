-- No segments are formed yet.
with

final as (

    select
        cast(null as string) as npi,
        cast(null as string) as segment
    where false

)

select * from final
