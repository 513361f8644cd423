with

source as (

    select * from {{ source('border', 'file_versions') }}

),

renamed as (

    select
        source as source_name,
        table_name,
        file as file_path,
        content_hash,
        rows as row_count,
        period_start as period_start_on,
        period_end as period_end_on,
        accepted as is_accepted,
        reason
    from source

)

select * from renamed
