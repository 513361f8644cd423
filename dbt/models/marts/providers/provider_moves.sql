with

changes as (

    select * from {{ ref('int_affiliation_changes') }}

),

facilities as (

    select * from {{ ref('int_facilities_described') }}

),

volume as (

    select volumes.*
    from {{ ref('int_provider_volume_summary') }} as volumes
    anti join {{ ref('int_providers_opted_out') }} as opted_out
        on volumes.npi = opted_out.npi

),

final as (

    select
        changes.npi,
        changes.from_facility_id,
        changes.to_facility_id,
        changes.kind,
        origins.name as from_facility_name,
        destinations.name as to_facility_name,
        cast(volume.annual_volume as double) as annual_volume,
        changes.changed_on,
        changes.is_return
    from changes
    left join facilities as origins
        on changes.from_facility_id = origins.facility_id
    left join facilities as destinations
        on changes.to_facility_id = destinations.facility_id
    left join volume
        on changes.npi = volume.npi

)

select * from final
order by changed_on, npi, from_facility_id, to_facility_id
