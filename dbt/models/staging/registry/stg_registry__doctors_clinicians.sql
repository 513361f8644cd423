with

source as (

    select * from {{ source('registry', 'doctors_clinicians') }}

),

renamed as (

    select
        npi,
        ind_pac_id,
        org_pac_id,
        last_name,
        first_name,
        middle_name,
        credential,
        pri_spec as specialty,
        facility_name as practice_name,
        street,
        city,
        state,
        zip5,
        telephone,
        grad_year as graduation_year,
        _file as file_path,
        _row as file_row,
        _released_on as released_on
    from source

)

select * from renamed
