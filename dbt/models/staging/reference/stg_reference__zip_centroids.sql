with

source as (

    select * from {{ source('reference', 'zip_centroids') }}

),

renamed as (

    select
        zip5,
        state,
        city,
        latitude,
        longitude
    from source

)

select * from renamed
