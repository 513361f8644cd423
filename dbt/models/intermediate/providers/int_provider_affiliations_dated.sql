with

stays as (

    select * from {{ ref('int_affiliation_intervals') }}

),

providers as (

    select npi from {{ ref('int_providers_registered') }}

),

services as (

    select * from {{ ref('int_provider_facility_services') }}

),

described as (

    select
        stays.npi,
        stays.facility_id,
        stays.valid_from,
        stays.valid_to,
        stays.is_new_since_first_copy,
        stays.valid_to is null or stays.valid_to >= {{ as_of() }} as is_open,
        coalesce(services.claims, 0) as claims
    from stays
    inner join providers
        on stays.npi = providers.npi
    left join services
        on stays.npi = services.npi and stays.facility_id = services.facility_id

),

-- Primary is where most claims happen, else the longest stay, else the lowest number; only a stay that still holds can be.
ranked as (

    select
        *,
        row_number() over (
            partition by npi, is_open
            order by claims desc, valid_from asc, facility_id asc
        ) as place,
        row_number() over (
            partition by npi, is_open
            order by valid_from asc, facility_id asc
        ) as place_without_claims
    from described

),

final as (

    select
        npi,
        facility_id,
        valid_from,
        valid_to,
        is_open and place = 1 as is_primary,
        is_open and place_without_claims = 1 as is_longest,
        is_open,
        is_new_since_first_copy
    from ranked

)

select * from final
order by npi, facility_id, valid_from
