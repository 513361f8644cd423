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

published as (

    select
        stays.facility_id,
        {{ value_at_largest('stays.name', '(stays.data_year, stays.file_path, stays.file_row)') }} as name,
        {{ value_at_largest('stays.city', '(stays.data_year, stays.file_path, stays.file_row)') }} as city,
        {{ value_at_largest('stays.state', '(stays.data_year, stays.file_path, stays.file_row)') }} as state,
        {{ value_at_largest('stays.zip5', '(stays.data_year, stays.file_path, stays.file_row)') }} as zip5
    from {{ ref('stg_claims__inpatient') }} as stays
    semi join {{ ref('int_facility_public_services') }} as services
        on stays.facility_id = services.facility_id
    group by stays.facility_id

),

everyone as (

    select facility_id from hospitals
    union
    select facility_id from affiliations
    union
    select facility_id from volumes
    union
    select facility_id from published

),

-- A facility is its CCN, else its NPI; the hospital list describes the first, the registry the second, and
-- where both are silent the file of stays.
final as (

    select
        everyone.facility_id,
        coalesce(hospitals.name, organizations.organization_name, published.name) as name,
        coalesce(hospitals.city, organizations.city, published.city) as city,
        coalesce(hospitals.state, organizations.state, published.state) as state,
        coalesce(hospitals.zip5, organizations.zip5, published.zip5) as zip5
    from everyone
    left join hospitals
        on everyone.facility_id = hospitals.facility_id
    left join organizations
        on everyone.facility_id = organizations.npi
    left join published
        on everyone.facility_id = published.facility_id

)

select * from final
order by facility_id
