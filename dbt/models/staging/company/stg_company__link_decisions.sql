with

source as (

    select * from {{ source('company', 'link_decisions') }}

),

renamed as (

    select
        contact_id,
        npi,
        decision,
        reason,
        decided_by,
        _file as file_path,
        _row as file_row,
        decided_on
    from source

)

select * from renamed
