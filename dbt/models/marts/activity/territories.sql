with

territories as (

    select * from {{ ref('int_territories_known') }}

),

associations as (

    select * from {{ ref('int_rep_associations') }}

),

work as (

    select * from {{ ref('int_zip_work') }}

),

-- What is proposed of ZIPs where a territory is out of balance with its neighbours, and what that comes to.
alignment as (

    select * from {{ source('ml', 'alignment_balance') }}

),

drives as (

    select * from {{ ref('int_territory_drives') }}

),

-- A manager who looks after a vacant territory does not sit in it.
ranked_seats as (

    select
        territory_id,
        rep_id,
        row_number() over (partition by territory_id order by started_on asc nulls last, rep_id asc) as preference
    from associations
    where is_in_seat and not is_manager

),

seats as (

    select
        territory_id,
        rep_id
    from ranked_seats
    where preference = 1

),

-- The workload holds calls outside the territory's own ZIPs too; where no length is known there is none that could be told.
held as (

    select
        territory_id,
        sum(providers) as providers,
        sum(annual_volume) as annual_volume,
        sum(opportunity_usd) as opportunity_usd,
        case when count(*) = count(minutes) then cast(sum(minutes) as double) / 60 end as workload_hours
    from work
    group by territory_id

),

measured as (

    select
        territories.territory_id,
        territories.name,
        territories.region,
        seats.rep_id,
        territories.is_overlay,
        case when not territories.is_overlay then coalesce(held.providers, 0) end as providers,
        case when not territories.is_overlay then coalesce(held.annual_volume, 0) end as annual_volume,
        case when not territories.is_overlay then coalesce(held.opportunity_usd, 0) end as opportunity_usd,
        case when held.territory_id is null then 0 else held.workload_hours end as workload_hours,
        drives.drive_hours,
        alignment.verdict
    from territories
    left join seats
        on territories.territory_id = seats.territory_id
    left join held
        on territories.territory_id = held.territory_id
    left join drives
        on territories.territory_id = drives.territory_id
    left join alignment
        on territories.territory_id = alignment.territory_id

),

-- Overlays lie across territories and are compared with none.
indexed as (

    select
        *,
        case when not is_overlay then opportunity_usd / nullif(avg(opportunity_usd) over (partition by is_overlay), 0) end
            as opportunity_index,
        case when not is_overlay then workload_hours / nullif(avg(workload_hours) over (partition by is_overlay), 0) end
            as workload_index
    from measured

),

final as (

    select
        territory_id,
        name,
        region,
        rep_id,
        cast(providers as bigint) as providers,
        cast(round(annual_volume, 6) as double) as annual_volume,
        cast(round(opportunity_usd, 2) as double) as opportunity_usd,
        cast(round(workload_hours, 6) as double) as workload_hours,
        cast(round(drive_hours, 6) as double) as drive_hours,
        cast(round(opportunity_index, 6) as double) as opportunity_index,
        cast(round(workload_index, 6) as double) as workload_index,
        case
            when is_overlay then 'An overlay: it shares the providers of other territories.'
            when rep_id is null then 'No rep in seat: fill the seat or share the providers among the neighbours.'
            when opportunity_index is null then 'No volume is known here that could be compared.'
            when workload_index is null
                then
                    'Holds ' || cast(round(100 * opportunity_index) as integer)
                    || ' % of an average opportunity; no workload is known that could be compared.'
            when opportunity_index > workload_index + 0.1
                then
                    'Holds ' || cast(round(100 * opportunity_index) as integer) || ' % of an average opportunity with '
                    || cast(round(100 * workload_index) as integer)
                    || ' % of an average workload: more calling time would pay here.'
            when opportunity_index < workload_index - 0.1
                then
                    'Holds ' || cast(round(100 * opportunity_index) as integer) || ' % of an average opportunity with '
                    || cast(round(100 * workload_index) as integer)
                    || ' % of an average workload: calling time could serve elsewhere.'
            else 'Workload and opportunity are in balance.'
        end || coalesce(' ' || verdict, '') as recommendation,
        is_overlay
    from indexed

)

select * from final
order by territory_id
