-- No audit of lists and plans runs yet.
with

final as (

    select
        cast(null as string) as rule,
        cast(null as string) as subject_type,
        cast(null as string) as subject_id,
        cast(null as string) as severity,
        cast(null as {{ json_type() }}) as evidence,
        cast(null as double) as observed,
        cast(null as double) as expected,
        cast(null as double) as q_value
    where false

)

select * from final
