with

changes as (

    select * from {{ ref('int_opportunity_changes') }}

),

stages as (

    select * from {{ ref('int_stages_mapped') }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

seats as (

    select * from {{ ref('int_rep_seats') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

opportunities as (

    select
        opportunities.*,
        {{ local_date('opportunities.created_at', 'settings.timezone') }} as recorded_on,
        {{ local_date('opportunities.modified_at', 'settings.timezone') }} as modified_on
    from {{ ref('int_crm_opportunities_united') }} as opportunities
    cross join settings

),

first_stage as (

    select
        stage,
        stage_order,
        stated_probability
    from stages
    where not is_closed
    order by stage_order, stage
    limit 1

),

-- The state that the history tells for the end of as_of.
ranked_last_change as (

    select
        *,
        row_number() over (partition by opportunity_id order by changed_at desc, history_id desc) as preference
    from changes
    where known_on <= {{ as_of() }}

),

last_change as (

    select *
    from ranked_last_change
    where preference = 1

),

spans as (

    select
        opportunity_id,
        min(known_on) as first_changed_on,
        max(known_on) as last_changed_on
    from changes
    group by opportunity_id

),

dated as (

    select
        opportunities.*,
        coalesce(opportunities.recorded_on, spans.first_changed_on) as created_on,
        spans.last_changed_on
    from opportunities
    left join spans
        on opportunities.opportunity_id = spans.opportunity_id

),

-- The deal's own row holds when it was last modified by as_of and no later change contradicts that;
-- else the history; else the row, unless it is closed after as_of: then the deal was open, at the first stage for all we know.
judged as (

    select
        dated.*,
        case
            when
                dated.modified_on <= {{ as_of() }}
                and coalesce(dated.last_changed_on <= dated.modified_on, true) then 'row'
            when last_change.opportunity_id is not null then 'history'
            when
                coalesce(stages.is_closed, dated.is_closed, false)
                and coalesce(dated.modified_on > {{ as_of() }} or dated.close_on > {{ as_of() }}, false) then 'start'
            when dated.last_changed_on > {{ as_of() }} then 'start'
            else 'row'
        end as told_by,
        coalesce(stages.stage, dated.crm_stage_name) as row_stage,
        stages.stage_order as row_stage_order,
        coalesce(stages.is_closed, dated.is_closed, false) as row_is_closed,
        coalesce(stages.is_won, dated.is_won, false) as row_is_won,
        coalesce(dated.stated_probability, stages.stated_probability) as row_stated_probability,
        last_change.stage as past_stage,
        last_change.stage_order as past_stage_order,
        last_change.is_closed as past_is_closed,
        last_change.is_won as past_is_won,
        last_change.stated_probability as past_stated_probability,
        last_change.amount_usd as past_amount_usd,
        last_change.close_on as past_close_on
    from dated
    left join stages
        on lower(dated.crm_stage_name) = stages.crm_stage_key
    left join last_change
        on dated.opportunity_id = last_change.opportunity_id
    where dated.created_on <= {{ as_of() }} or dated.created_on is null

),

stood as (

    select
        *,
        case told_by when 'row' then row_stage when 'history' then past_stage end as stage,
        case told_by when 'row' then row_stage_order when 'history' then past_stage_order end as stage_order,
        case told_by when 'row' then row_is_closed when 'history' then past_is_closed else false end as was_closed,
        case told_by when 'row' then row_is_won when 'history' then past_is_won else false end as was_won,
        case told_by when 'row' then row_stated_probability when 'history' then past_stated_probability end
            as probability_then,
        case told_by when 'history' then past_amount_usd else amount_usd end as amount_then_usd,
        case told_by when 'history' then past_close_on else close_on end as close_then_on
    from judged

),

final as (

    select
        stood.opportunity_id,
        stood.account_id,
        coalesce(contacts.npi, persons.npi) as npi,
        coalesce(stood.contact_id, persons.contact_id) as contact_id,
        stood.owner_id as rep_id,
        seats.territory_id,
        coalesce(seats.is_overlay, false) as is_overlay,
        stood.procedure_family,
        stood.created_on,
        case stood.told_by when 'start' then first_stage.stage else stood.stage end as stage,
        case stood.told_by when 'start' then first_stage.stage_order else stood.stage_order end as stage_order,
        stood.was_closed as is_closed,
        stood.was_won as is_won,
        case stood.told_by when 'start' then first_stage.stated_probability else stood.probability_then end
            as stated_probability,
        stood.amount_then_usd as amount_usd,
        stood.close_then_on as close_on
    from stood
    left join first_stage
        on true
    left join contacts
        on stood.contact_id = contacts.contact_id
    left join contacts as persons
        on stood.account_id = persons.contact_id
    -- A closed deal stays with the territory of the day on which it closed.
    left join seats
        on
            stood.owner_id = seats.rep_id
            and case when stood.was_closed then least(coalesce(stood.close_then_on, {{ as_of() }}), {{ as_of() }}) else {{ as_of() }} end
            between seats.valid_from and seats.valid_to

)

select * from final
order by opportunity_id
