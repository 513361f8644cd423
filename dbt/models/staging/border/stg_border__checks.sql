with

source as (

    select * from {{ source('border', 'checks') }}

),

renamed as (

    select
        source as source_name,
        check_name,
        status,
        observed,
        expected,
        rows_checked
    from source

)

select * from renamed
