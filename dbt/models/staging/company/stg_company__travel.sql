with

source as (

    select * from {{ source('company', 'travel') }}

),

renamed as (

    select
        rep_id,
        start_zip5,
        end_zip5,
        workday_minutes,
        minutes_per_call
    from source

)

select * from renamed
