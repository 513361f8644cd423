with

affiliations as (

    select * from {{ ref('stg_registry__facility_affiliation') }}

),

snapshots as (

    select * from {{ ref('int_affiliation_snapshots') }}

),

following as (

    select
        snapshot_number - 1 as snapshot_number,
        min(snapshot_on) as next_snapshot_on
    from snapshots
    group by snapshot_number

),

seen as (

    select distinct
        affiliations.npi,
        affiliations.facility_id,
        snapshots.snapshot_number,
        snapshots.snapshot_on
    from affiliations
    inner join snapshots
        on affiliations.released_on is not distinct from snapshots.released_on

),

-- Snapshots without a gap between them are one stay.
runs as (

    select
        *,
        snapshot_number - row_number() over (partition by npi, facility_id order by snapshot_number) as run_id
    from seen

),

stays as (

    select
        npi,
        facility_id,
        min(snapshot_on) as valid_from,
        min(snapshot_number) as first_snapshot,
        max(snapshot_number) as last_snapshot
    from runs
    group by npi, facility_id, run_id

),

-- It holds from the first copy that names it to the day before the first that no longer does.
final as (

    select
        stays.npi,
        stays.facility_id,
        stays.valid_from,
        cast(following.next_snapshot_on - interval 1 day as date) as valid_to,
        stays.first_snapshot > 1 as is_new_since_first_copy
    from stays
    left join following
        on stays.last_snapshot = following.snapshot_number

)

select * from final
order by npi, facility_id, valid_from
