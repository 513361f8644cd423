-- The effect of calls is not estimated yet.
with

final as (

    select
        cast(null as varchar) as level,
        cast(null as varchar) as subject_id,
        cast(null as varchar) as outcome,
        cast(null as double) as estimate,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as double) as naive_estimate,
        cast(null as varchar) as method,
        cast(null as bigint) as n,
        cast(null as double) as overlap
    where false

)

select * from final
