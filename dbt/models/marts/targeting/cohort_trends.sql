-- No cohorts are formed yet.
with

final as (

    select
        cast(null as string) as cohort,
        cast(null as date) as month,
        cast(null as bigint) as providers,
        cast(null as double) as volume,
        cast(null as double) as index_to_market
    where false

)

select * from final
