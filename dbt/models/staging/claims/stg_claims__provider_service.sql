with

source as (

    select * from {{ source('claims', 'provider_service') }}

),

renamed as (

    select
        rndrng_npi as npi,
        upper(trim(hcpcs_cd)) as hcpcs_code,
        upper(trim(place_of_srvc)) as place_of_service_code,
        _file as file_path,
        _release as release_code,

        rndrng_prvdr_last_org_name as last_name,
        rndrng_prvdr_first_name as first_name,
        rndrng_prvdr_crdntls as credential,
        upper(trim(rndrng_prvdr_ent_cd)) as entity_code,
        rndrng_prvdr_type as specialty,
        rndrng_prvdr_city as city,
        rndrng_prvdr_state_abrvtn as state,
        rndrng_prvdr_zip5 as zip5,

        _period as data_year,
        tot_srvcs as services,
        tot_benes as patients,
        _row as file_row,

        _released_on as released_on
    from source

)

select * from renamed
