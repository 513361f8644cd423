with

source as (

    select * from {{ source('registry', 'facility_affiliation') }}

),

renamed as (

    select
        npi,
        facility_affiliations_certification_number as facility_id,
        facility_type,
        _released_on as released_on
    from source
    where npi is not null and facility_affiliations_certification_number is not null

)

select * from renamed
