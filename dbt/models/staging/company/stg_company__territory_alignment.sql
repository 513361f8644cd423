with

source as (

    select * from {{ source('company', 'territory_alignment') }}

),

renamed as (

    select
        zip5,
        territory_id,
        lower(trim(coalesce(kind, 'primary'))) as kind,
        valid_from,
        valid_to
    from source

)

select * from renamed
