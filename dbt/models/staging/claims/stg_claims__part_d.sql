with

source as (

    select * from {{ source('claims', 'part_d') }}

),

renamed as (

    select
        prscrbr_npi as npi,
        {{ normal_name('brnd_name') }} as brand_key,
        {{ normal_name('gnrc_name') }} as generic_key,
        _file as file_path,
        _release as release_code,

        prscrbr_last_org_name as last_name,
        prscrbr_first_name as first_name,
        prscrbr_type as specialty,
        prscrbr_city as city,
        prscrbr_state_abrvtn as state,

        _period as data_year,
        tot_clms as claims,
        tot_benes as patients,
        _row as file_row,

        _released_on as released_on
    from source

)

select * from renamed
