with

territories as (

    select * from {{ ref('int_territories_known') }}

),

associations as (

    select * from {{ ref('int_rep_associations') }}

),

provider_territories as (

    select * from {{ ref('int_provider_territories') }}

),

providers as (

    select * from {{ ref('int_providers_registered') }}

),

opportunity as (

    select
        npi,
        sum(annual_volume) as annual_volume,
        sum(open_revenue_usd) as open_revenue_usd
    from {{ ref('int_provider_family_opportunity') }}
    group by npi

),

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept and called_on > {{ as_of() }} - interval 12 month

),

drives as (

    select * from {{ ref('int_territory_drives') }}

),

travel as (

    select * from {{ ref('stg_company__travel') }}

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

market as (

    select
        provider_territories.territory_id,
        count(*) as providers,
        sum(opportunity.annual_volume) as annual_volume,
        coalesce(sum(opportunity.open_revenue_usd), 0) as opportunity_usd
    from provider_territories
    inner join providers
        on provider_territories.npi = providers.npi
    left join opportunity
        on provider_territories.npi = opportunity.npi
    where providers.is_active
    group by provider_territories.territory_id

),

recorded as (

    select cast(sum(duration_minutes) as double) / nullif(count(duration_minutes), 0) as usual_minutes
    from calls

),

planned as (

    select cast(sum(minutes_per_call) as double) / nullif(count(minutes_per_call), 0) as usual_minutes
    from travel

),

-- A call without a recorded length counts as the average one; where none is recorded, as long as the company plans for.
workload as (

    select
        calls.territory_id,
        (
            coalesce(cast(sum(calls.duration_minutes) as double), 0)
            + (count(*) - count(calls.duration_minutes)) * max(coalesce(recorded.usual_minutes, planned.usual_minutes))
        ) / 60 as workload_hours
    from calls
    cross join recorded
    cross join planned
    group by calls.territory_id

),

measured as (

    select
        territories.territory_id,
        territories.name,
        territories.region,
        seats.rep_id,
        territories.is_overlay,
        case when not territories.is_overlay then coalesce(market.providers, 0) end as providers,
        case when not territories.is_overlay then coalesce(market.annual_volume, 0) end as annual_volume,
        case when not territories.is_overlay then coalesce(market.opportunity_usd, 0) end as opportunity_usd,
        case when workload.territory_id is null then 0 else workload.workload_hours end as workload_hours,
        drives.drive_hours
    from territories
    left join seats
        on territories.territory_id = seats.territory_id
    left join market
        on territories.territory_id = market.territory_id
    left join workload
        on territories.territory_id = workload.territory_id
    left join drives
        on territories.territory_id = drives.territory_id

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
        end as recommendation,
        is_overlay
    from indexed

)

select * from final
order by territory_id
