with

stays as (

    select * from {{ ref('int_provider_affiliations_dated') }}

),

busiest as (

    select * from {{ ref('int_provider_busiest_facilities') }}

),

-- Primary is where most claims happen, else the longest stay; only a stay that still holds can be.
final as (

    select
        stays.npi,
        stays.facility_id,
        stays.valid_from,
        stays.valid_to,
        stays.is_longest,
        stays.is_open,
        stays.is_new_since_first_copy,
        stays.is_open and coalesce(stays.facility_id = busiest.facility_id, stays.is_longest) as is_primary
    from stays
    left join busiest
        on stays.npi = busiest.npi

)

select * from final
