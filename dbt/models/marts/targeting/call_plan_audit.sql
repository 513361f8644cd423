-- No audit of lists and plans runs yet.
with

final as (

    select
        cast(null as varchar) as rule,
        cast(null as varchar) as subject_type,
        cast(null as varchar) as subject_id,
        cast(null as varchar) as severity,
        cast(null as json) as evidence,
        cast(null as double) as observed,
        cast(null as double) as expected,
        cast(null as double) as q_value
    where false

)

select * from final
