-- Skills are not judged yet.
with

final as (

    select
        cast(null as varchar) as rep_id,
        cast(null as varchar) as skill,
        cast(null as varchar) as level,
        cast(null as double) as value,
        cast(null as double) as peer_median,
        cast(null as json) as evidence,
        cast(null as varchar) as advice
    where false

)

select * from final
