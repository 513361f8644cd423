with

refreshes as (

    select * from {{ ref('stg_border__refreshes') }}

),

final as (

    select
        refresh_id,
        as_of,
        started_at,
        ended_at,
        status,
        cast(row_counts as json) as rows,
        cast(missing_sources as json) as missing_sources,
        cast(changes as json) as changes,
        cast(model_versions as json) as model_versions,
        code_version,
        cast(refreshed_sources as json) as refreshed_sources
    from refreshes

)

select * from final
order by started_at, refresh_id
