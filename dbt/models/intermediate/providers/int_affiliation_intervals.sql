with

affiliations as (

    select * from {{ ref('stg_registry__facility_affiliation') }}

),

snapshots as (

    select * from {{ ref('int_affiliation_snapshots') }}

),

days as (

    select distinct
        snapshot_number,
        snapshot_on
    from snapshots

),

seen as (

    select distinct
        affiliations.npi,
        affiliations.facility_id,
        snapshots.snapshot_number
    from affiliations
    inner join snapshots
        on affiliations.released_on is not distinct from snapshots.released_on

),

together as (

    select
        npi,
        facility_id,
        min(snapshot_number) as first_snapshot,
        max(snapshot_number) as last_snapshot,
        count(*) as snapshots
    from seen
    group by npi, facility_id

),

interrupted as (

    select
        npi,
        facility_id
    from together
    where snapshots <= last_snapshot - first_snapshot

),

-- Snapshots without a gap between them are one stay; hardly any has a gap.
runs as (

    select
        seen.*,
        seen.snapshot_number
        - row_number() over (partition by seen.npi, seen.facility_id order by seen.snapshot_number) as run_id
    from seen
    semi join interrupted
        on seen.npi = interrupted.npi and seen.facility_id = interrupted.facility_id

),

stays as (

    select
        npi,
        facility_id,
        first_snapshot,
        last_snapshot
    from together
    where snapshots > last_snapshot - first_snapshot

    union all

    select
        npi,
        facility_id,
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
        first_days.snapshot_on as valid_from,
        cast(days_after.snapshot_on - interval 1 day as date) as valid_to,
        stays.first_snapshot > 1 as is_new_since_first_copy
    from stays
    inner join days as first_days
        on stays.first_snapshot = first_days.snapshot_number
    left join days as days_after
        on stays.last_snapshot + 1 = days_after.snapshot_number

)

select * from final
order by npi, facility_id, valid_from
