with

source as (

    select * from {{ source('registry', 'nppes') }}

),

renamed as (

    select
        npi,
        entity_type_code,
        organization_name,
        last_name,
        first_name,
        middle_name,
        credential,
        other_last_name,
        practice_street as street,
        practice_city as city,
        practice_state as state,
        practice_zip5 as zip5,
        practice_telephone as telephone,
        taxonomy_code,
        _file as file_path,
        _row as file_row,
        enumeration_date as enumerated_on,
        last_update_date as updated_on,
        deactivation_date as deactivated_on,
        reactivation_date as reactivated_on,
        _released_on as released_on
    from source

)

select * from renamed
