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
        cast(row_counts as {{ json_type() }}) as rows,
        cast(missing_sources as {{ json_type() }}) as missing_sources,
        cast(changes as {{ json_type() }}) as changes,
        cast(model_versions as {{ json_type() }}) as model_versions,
        code_version,
        cast(refreshed_sources as {{ json_type() }}) as refreshed_sources
    from refreshes

)

select * from final
order by started_at, refresh_id
