with

tasks as (

    select * from {{ ref('stg_salesforce__tasks') }}

),

events as (

    select * from {{ ref('stg_salesforce__events') }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

opportunities as (

    select * from {{ ref('stg_salesforce__opportunities') }}

),

reps as (

    select * from {{ ref('int_rep_territories') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

-- A task has a day and no hour: its call stands at midnight.
activities as (

    select
        tasks.task_id as call_id,
        tasks.who_id,
        tasks.what_id,
        tasks.owner_id,
        tasks.type,
        tasks.status,
        tasks.subject,
        cast(tasks.activity_on as timestamp) as called_at,
        tasks.activity_on as called_on,
        cast(null as timestamp) as ended_at,
        {{ local_date('tasks.created_at', 'settings.timezone') }} as recorded_on,
        false as is_event
    from tasks
    cross join settings

    union all

    select
        events.event_id as call_id,
        events.who_id,
        events.what_id,
        events.owner_id,
        events.type,
        events.status,
        events.subject,
        events.started_at as called_at,
        {{ local_date('events.started_at', 'settings.timezone') }} as called_on,
        events.ended_at,
        {{ local_date('events.created_at', 'settings.timezone') }} as recorded_on,
        true as is_event
    from events
    cross join settings

),

-- Interactions in person or by remote visit; e-mails and whatever else the CRM files as an activity are no calls.
calls as (

    select
        *,
        case type
            when 'call' then 'call'
            when 'remote call' then 'remote'
            when 'meeting' then 'meeting'
            when 'demo' then 'demo'
            when 'case attendance' then 'case_attendance'
            when 'device trial' then 'trial'
        end as kind,
        case
            when status is not null then status in ('completed', 'submitted', 'held')
            else is_event and not coalesce(regexp_matches(lower(subject), '^(cancel|missed|no.show)'), false)
        end as took_place
    from activities
    where coalesce(recorded_on, called_on) <= {{ as_of() }}

),

final as (

    select
        calls.call_id,
        calls.owner_id as rep_id,
        contacts.contact_id,
        contacts.npi,
        coalesce(accounts.account_id, opportunities.account_id, contacts.account_id) as account_id,
        calls.called_at,
        calls.called_on,
        calls.kind,
        date_diff('day', calls.recorded_on, calls.called_on) as planned_days_ahead,
        coalesce(date_diff('day', calls.recorded_on, calls.called_on) >= settings.planned_notice_days, false) as is_planned,
        coalesce(calls.took_place and calls.called_on <= {{ as_of() }}, false) as is_kept,
        case when calls.ended_at >= calls.called_at then date_diff('minute', calls.called_at, calls.ended_at) end as duration_minutes,
        coalesce(calls.recorded_on, calls.called_on) as known_on,
        reps.territory_id
    from calls
    cross join settings
    left join contacts
        on calls.who_id = contacts.contact_id
    left join accounts
        on calls.what_id = accounts.account_id
    left join opportunities
        on calls.what_id = opportunities.opportunity_id
    left join reps
        on calls.owner_id = reps.rep_id
    where calls.kind is not null

)

select * from final
order by call_id
