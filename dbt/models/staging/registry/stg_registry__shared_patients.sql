with

source as (

    select * from {{ source('registry', 'shared_patients') }}

),

renamed as (

    select
        npi_1,
        npi_2,
        _period as data_year,
        shared_transactions,
        patients,
        same_day,
        _released_on as released_on
    from source

)

select * from renamed
