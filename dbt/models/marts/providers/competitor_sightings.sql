with

sightings as (

    select * from {{ ref('int_competitor_sightings') }}

),

facilities as (

    select * from {{ ref('int_facilities_described') }}

),

territories as (

    select * from {{ ref('int_zip_primary_territories') }}

),

final as (

    select
        sightings.sighting_id,
        sightings.facility_id,
        sightings.account_id,
        sightings.npi,
        sightings.contact_id,
        territories.territory_id,
        sightings.rep_id,
        sightings.competitor,
        sightings.observed_on
    from sightings
    left join facilities
        on sightings.facility_id = facilities.facility_id
    left join territories
        on facilities.zip5 = territories.zip5

)

select * from final
order by sighting_id
