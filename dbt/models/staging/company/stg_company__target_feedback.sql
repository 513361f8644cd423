with

source as (

    select * from {{ source('company', 'target_feedback') }}

),

renamed as (

    select
        npi,
        rep_id,
        decision,
        reason,
        decided_by,
        _file as file_path,
        _row as file_row,
        decided_on
    from source

)

select * from renamed
