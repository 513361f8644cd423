with

source as (

    select * from {{ source('border', 'quarantine') }}

),

renamed as (

    select
        source as source_name,
        rule as rule_name,
        file as file_path,
        rows as row_count,
        sample
    from source

)

select * from renamed
