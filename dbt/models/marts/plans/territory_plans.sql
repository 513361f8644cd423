-- No territory plans are made yet.
with

final as (

    select
        cast(null as string) as territory_id,
        cast(null as string) as horizon,
        cast(null as bigint) as sequence,
        cast(null as string) as subject_type,
        cast(null as string) as subject_id,
        cast(null as string) as objective,
        cast(null as string) as activity,
        cast(null as string) as audience,
        cast(null as date) as due_on,
        cast(null as string) as why
    where false

)

select * from final
