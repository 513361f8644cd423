with

-- An overlay's deals lie across territories and enter no sum.
opportunities as (

    select *
    from {{ ref('int_opportunities_rebuilt') }}
    where not is_overlay

),

territories as (

    select * from {{ ref('int_territories_known') }}

),

changes as (

    select *
    from {{ ref('int_opportunity_changes') }}
    where known_on <= {{ as_of() }}

),

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept

),

-- A change that names no close date moves none.
restated as (

    select
        opportunity_id,
        close_on,
        lag(close_on) over (partition by opportunity_id order by changed_at, history_id) as stated_before
    from changes
    where close_on is not null

),

slips as (

    select
        opportunity_id,
        count(*) filter (where close_on > stated_before) as slip_count
    from restated
    group by opportunity_id

),

-- Calls at the deal's account or on its primary contact, each once.
recent_calls as (

    select
        account_id,
        contact_id
    from calls
    where called_on > {{ as_of() }} - 90

),

recent as (

    select opportunities.opportunity_id
    from opportunities
    inner join recent_calls
        on opportunities.account_id = recent_calls.account_id

    union all

    select opportunities.opportunity_id
    from opportunities
    inner join recent_calls
        on
            opportunities.contact_id = recent_calls.contact_id
            and coalesce(opportunities.account_id <> recent_calls.account_id, true)

),

calls_counted as (

    select
        opportunity_id,
        count(*) as calls_90d
    from recent
    group by opportunity_id

),

-- Who was called there since a day was called there last on that day or later.
last_calls as (

    select
        account_id,
        contact_id,
        max(called_on) as called_on
    from calls
    where contact_id is not null
    group by account_id, contact_id

),

called as (

    select
        opportunities.opportunity_id,
        last_calls.contact_id
    from opportunities
    inner join last_calls
        on opportunities.account_id = last_calls.account_id and opportunities.created_on <= last_calls.called_on

    union

    select
        opportunities.opportunity_id,
        last_calls.contact_id
    from opportunities
    inner join last_calls
        on
            opportunities.contact_id = last_calls.contact_id
            and opportunities.created_on <= last_calls.called_on
            and coalesce(opportunities.account_id <> last_calls.account_id, true)

),

contacts_counted as (

    select
        opportunity_id,
        count(*) as contacts_called
    from called
    group by opportunity_id

),

final as (

    select
        opportunities.opportunity_id,
        opportunities.territory_id,
        territories.region,
        opportunities.rep_id,
        opportunities.account_id,
        opportunities.npi,
        opportunities.procedure_family,
        opportunities.created_on,
        opportunities.stage,
        opportunities.stage_order,
        opportunities.is_closed,
        opportunities.is_won,
        case when opportunities.is_closed then opportunities.close_on end as closed_on,
        cast(opportunities.amount_usd as double) as amount_usd,
        opportunities.close_on,
        cast(opportunities.stated_probability as double) as stated_probability,
        coalesce(slips.slip_count, 0) as slip_count,
        coalesce(calls_counted.calls_90d, 0) as calls_90d,
        coalesce(contacts_counted.contacts_called, 0) as contacts_called
    from opportunities
    left join territories
        on opportunities.territory_id = territories.territory_id
    left join slips
        on opportunities.opportunity_id = slips.opportunity_id
    left join calls_counted
        on opportunities.opportunity_id = calls_counted.opportunity_id
    left join contacts_counted
        on opportunities.opportunity_id = contacts_counted.opportunity_id

)

select * from final
order by opportunity_id
