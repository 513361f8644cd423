with

source as (

    select * from {{ source('registry', 'hospital_general') }}

),

renamed as (

    select
        facility_id,
        facility_name as name,
        address as street,
        city,
        state,
        zip5,
        hospital_type,
        hospital_ownership,
        _file as file_path,
        _row as file_row,
        _released_on as released_on
    from source

)

select * from renamed
