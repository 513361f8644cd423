with

versions as (

    select * from {{ ref('stg_border__file_versions') }}

),

final as (

    select
        source_name as source,
        file_path as file,
        content_hash,
        table_name,
        row_count as rows,
        period_start_on as period_start,
        period_end_on as period_end,
        is_accepted as accepted,
        reason
    from versions

)

select * from final
order by source, file, content_hash
