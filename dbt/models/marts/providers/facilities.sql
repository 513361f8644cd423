with

described as (

    select * from {{ ref('int_facilities_described') }}

),

territories as (

    select * from {{ ref('int_zip_primary_territories') }}

),

centroids as (

    select * from {{ ref('stg_reference__zip_centroids') }}

),

volume as (

    select * from {{ ref('int_facility_volume') }}

),

-- Of the contracts that run, the one that ends first.
ranked_contracts as (

    select
        *,
        row_number() over (partition by facility_id order by ends_on nulls last, contract_id) as preference
    from {{ ref('int_contracts') }}
    where
        facility_id is not null
        and coalesce(starts_on <= {{ as_of() }}, true)
        and coalesce(ends_on >= {{ as_of() }}, true)

),

contracts as (

    select *
    from ranked_contracts
    where preference = 1

),

sightings as (

    select
        facility_id,
        max(observed_on) as last_competitor_seen_on
    from {{ ref('int_competitor_sightings') }}
    where facility_id is not null and observed_on <= {{ as_of() }}
    group by facility_id

),

final as (

    select
        described.facility_id,
        described.name,
        described.city,
        described.state,
        described.zip5,
        centroids.latitude,
        centroids.longitude,
        territories.territory_id,
        described.gpo,
        volume.annual_volume,
        volume.volume_basis,
        coalesce(volume.providers, 0) as providers,
        contracts.supplier as contract_supplier,
        contracts.ends_on as contract_ends_on,
        {{ days_between(as_of(), 'contracts.ends_on') }} as days_to_contract_end,
        sightings.last_competitor_seen_on,
        described.account_id
    from described
    left join territories
        on described.zip5 = territories.zip5
    left join centroids
        on described.zip5 = centroids.zip5
    left join volume
        on described.facility_id = volume.facility_id
    left join contracts
        on described.facility_id = contracts.facility_id
    left join sightings
        on described.facility_id = sightings.facility_id

)

select * from final
order by facility_id
