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

contracts as (

    select
        *,
        row_number() over (partition by facility_id order by ends_on asc nulls last, contract_id asc) as place,
        count(*) over (partition by facility_id) as running_contracts
    from {{ ref('facility_contracts') }}
    where facility_id is not null and is_running

),

-- Of the contracts that run, the one that ends first.
ending_first as (

    select * from contracts
    where place = 1

),

sightings as (

    select
        facility_id,
        max(observed_on) as last_competitor_seen_on
    from {{ ref('int_competitor_sightings') }}
    where facility_id is not null
    group by facility_id

),

staffed as (

    select * from {{ ref('int_facilities_staffed') }}

),

committees as (

    select
        facility_id,
        sum(case when role = 'user' then people end) as users,
        sum(case when role = 'buyer' then people end) as buyers,
        sum(case when role = 'administrator' then people end) as administrators
    from {{ ref('int_facility_committees') }}
    group by facility_id

),

called as (

    select
        accounts.facility_id,
        max(calls.called_on) as last_called_on,
        count_if(calls.called_on > {{ as_of() }} - interval 12 month) as calls_12m
    from {{ ref('int_calls') }} as calls
    inner join {{ ref('int_accounts_linked') }} as accounts
        on calls.account_id = accounts.account_id
    where calls.is_kept and accounts.facility_id is not null
    group by accounts.facility_id

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
        described.system_id,
        described.system_name,
        coalesce(staffed.providers_with_claims, 0) as providers_with_claims,
        ending_first.supplier as contract_supplier,
        ending_first.relation as contract_relation,
        ending_first.procedure_family as contract_procedure_family,
        ending_first.ends_on as contract_ends_on,
        {{ days_between(as_of(), 'ending_first.ends_on') }} as days_to_contract_end,
        coalesce(ending_first.running_contracts, 0) as running_contracts,
        cast(committees.users as bigint) as users,
        cast(committees.buyers as bigint) as buyers,
        cast(committees.administrators as bigint) as administrators,
        called.last_called_on,
        cast(coalesce(called.calls_12m, 0) as bigint) as calls_12m,
        sightings.last_competitor_seen_on,
        described.account_id
    from described
    left join territories
        on described.zip5 = territories.zip5
    left join centroids
        on described.zip5 = centroids.zip5
    left join volume
        on described.facility_id = volume.facility_id
    left join ending_first
        on described.facility_id = ending_first.facility_id
    left join staffed
        on described.facility_id = staffed.facility_id
    left join committees
        on described.facility_id = committees.facility_id
    left join called
        on described.facility_id = called.facility_id
    left join sightings
        on described.facility_id = sightings.facility_id

)

select * from final
order by facility_id
