with

hospitals as (

    select * from {{ ref('int_hospitals_known') }}

),

organizations as (

    select * from {{ ref('int_nppes_known') }}
    where entity_type_code = '2'

),

affiliations as (

    select distinct facility_id
    from {{ ref('int_affiliation_intervals') }}

),

volumes as (

    select distinct facility_id
    from {{ ref('int_facility_claim_services') }}

),

everyone as (

    select facility_id from hospitals
    union
    select facility_id from affiliations
    union
    select facility_id from volumes

),

-- A facility is its CCN, else its NPI; the hospital list describes the first, the registry the second.
final as (

    select
        everyone.facility_id,
        coalesce(hospitals.name, organizations.organization_name) as name,
        coalesce(hospitals.city, organizations.city) as city,
        coalesce(hospitals.state, organizations.state) as state,
        coalesce(hospitals.zip5, organizations.zip5) as zip5
    from everyone
    left join hospitals
        on everyone.facility_id = hospitals.facility_id
    left join organizations
        on everyone.facility_id = organizations.npi

)

select * from final
order by facility_id
