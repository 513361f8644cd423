with

stays as (

    select * from {{ ref('int_provider_affiliations_dated') }}
    where is_open

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

services as (

    select
        stays.npi,
        stays.facility_id,
        min(stays.valid_from) as valid_from,
        count(distinct claims.claim_hash) as claims
    from stays
    inner join {{ ref('int_provider_claims_placed') }} as claims
        on stays.npi = claims.npi and stays.facility_id = claims.facility_id
    group by stays.npi, stays.facility_id

),

-- Where most claims of who opted out happen is not told.
ranked as (

    select
        services.npi,
        services.facility_id,
        row_number() over (
            partition by services.npi
            order by services.claims desc, services.valid_from asc, services.facility_id asc
        ) as place
    from services
    anti join opted_out
        on services.npi = opted_out.npi

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
