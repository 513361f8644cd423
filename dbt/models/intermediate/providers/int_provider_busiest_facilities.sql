with

stays as (

    select * from {{ ref('int_provider_affiliations_dated') }}
    where is_open

),

services as (

    select * from {{ ref('int_provider_facility_services') }}

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

-- Where most claims of who opted out happen is not told.
ranked as (

    select
        stays.npi,
        stays.facility_id,
        row_number() over (
            partition by stays.npi
            order by services.claims desc, stays.valid_from asc, stays.facility_id asc
        ) as place
    from stays
    inner join services
        on stays.npi = services.npi and stays.facility_id = services.facility_id
    anti join opted_out
        on stays.npi = opted_out.npi

),

final as (

    select
        npi,
        facility_id
    from ranked
    where place = 1

)

select * from final
order by npi
