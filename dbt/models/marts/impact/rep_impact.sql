-- The effect of calls is not estimated yet.
with

final as (

    select
        cast(null as string) as level,
        cast(null as string) as subject_id,
        cast(null as string) as outcome,
        cast(null as double) as estimate,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as double) as naive_estimate,
        cast(null as string) as method,
        cast(null as bigint) as n,
        cast(null as double) as overlap
    where false

)

select * from final
