-- Skills are not judged yet.
with

final as (

    select
        cast(null as string) as rep_id,
        cast(null as string) as skill,
        cast(null as string) as level,
        cast(null as double) as value,
        cast(null as double) as peer_median,
        cast(null as {{ json_type() }}) as evidence,
        cast(null as string) as advice
    where false

)

select * from final
