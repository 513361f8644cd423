-- No territory plans are made yet.
with

final as (

    select
        cast(null as varchar) as territory_id,
        cast(null as varchar) as horizon,
        cast(null as bigint) as sequence,
        cast(null as varchar) as subject_type,
        cast(null as varchar) as subject_id,
        cast(null as varchar) as objective,
        cast(null as varchar) as activity,
        cast(null as varchar) as audience,
        cast(null as date) as due_on,
        cast(null as varchar) as why
    where false

)

select * from final
