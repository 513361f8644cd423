with

source as (

    select * from {{ source('claims', 'inpatient') }}

),

renamed as (

    select
        rndrng_prvdr_ccn as facility_id,
        drg_cd as ms_drg_code,
        _file as file_path,
        _release as release_code,

        rndrng_prvdr_org_name as name,
        rndrng_prvdr_city as city,
        rndrng_prvdr_state_abrvtn as state,
        rndrng_prvdr_zip5 as zip5,

        _period as data_year,
        tot_dschrgs as discharges,
        _row as file_row,

        _released_on as released_on
    from source

)

select * from renamed
