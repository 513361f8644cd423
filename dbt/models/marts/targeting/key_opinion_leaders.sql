-- No publications are read yet.
with

final as (

    select
        cast(null as string) as npi,
        cast(null as string) as topic,
        cast(null as bigint) as publications,
        cast(null as bigint) as recent_publications,
        cast(null as double) as author_match_probability,
        cast(null as double) as volume_percentile,
        cast(null as double) as kol_score
    where false

)

select * from final
