with

source as (

    select * from {{ source('company', 'restrictions') }}

),

renamed as (

    select
        npi,
        facility_id,
        upper(trim(list)) as restriction_list,
        effective_from,
        effective_to
    from source

)

select * from renamed
