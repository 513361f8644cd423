with

source as (

    select * from {{ source('border', 'refreshes') }}

),

renamed as (

    select
        refresh_id,
        as_of,
        started_at,
        ended_at,
        status,
        rows as row_counts,
        missing_sources,
        changes,
        model_versions,
        code_version,
        refreshed_sources
    from source

)

select * from renamed
