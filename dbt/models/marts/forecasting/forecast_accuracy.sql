-- Commits are not judged yet.
with

final as (

    select
        cast(null as string) as rep_id,
        cast(null as date) as quarter_start,
        cast(null as double) as committed_usd,
        cast(null as double) as actual_usd,
        cast(null as double) as error_pct,
        cast(null as double) as bias_pct,
        cast(null as boolean) as interval_hit,
        cast(null as double) as stage_inflation,
        cast(null as string) as grade
    where false

)

select * from final
