with

tasks as (

    select * from {{ ref('stg_salesforce__tasks') }}

),

events as (

    select * from {{ ref('stg_salesforce__events') }}

),

veeva as (

    select * from {{ ref('stg_veeva__calls') }}

),

oce as (

    select * from {{ ref('stg_oce__calls') }}

),

ids as (

    select * from {{ ref('int_hubspot_ids') }}

),

owners as (

    select * from {{ ref('int_crm_owners') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

hubspot_activities as (

    select
        'call' as object,
        call_id as record_id,
        contact_id,
        account_id,
        opportunity_id,
        owner,
        {{ call_kind('type', otherwise="'call'") }} as kind,
        {{ took_place('status', 'title') }} as took_place,
        started_at as called_at,
        {{ seconds_after('started_at', 'duration_seconds') }} as ended_at,
        created_at
    from {{ ref('stg_hubspot__calls') }}

    union all

    select
        'meeting' as object,
        meeting_id as record_id,
        contact_id,
        account_id,
        opportunity_id,
        owner,
        {{ call_kind('type', otherwise="'meeting'") }} as kind,
        {{ took_place('status', 'title') }} as took_place,
        started_at as called_at,
        ended_at,
        created_at
    from {{ ref('stg_hubspot__meetings') }}

),

every_crm as (

    -- A task has a day and no hour: its call stands at midnight. What it is about may be an account or a deal.
    select
        1 as place,
        tasks.task_id as call_id,
        tasks.who_id as contact_id,
        tasks.what_id as account_id,
        tasks.what_id as opportunity_id,
        tasks.owner_id,
        {{ call_kind('tasks.type') }} as kind,
        {{ took_place('tasks.status', 'tasks.subject', is_in_calendar=false) }} as took_place,
        cast(tasks.activity_on as timestamp) as called_at,
        tasks.activity_on as called_on,
        cast(null as timestamp) as ended_at,
        {{ local_date('tasks.created_at', 'settings.timezone') }} as recorded_on
    from tasks
    cross join settings

    union all

    select
        2 as place,
        events.event_id as call_id,
        events.who_id as contact_id,
        events.what_id as account_id,
        events.what_id as opportunity_id,
        events.owner_id,
        {{ call_kind('events.type') }} as kind,
        {{ took_place('events.status', 'events.subject') }} as took_place,
        events.started_at as called_at,
        {{ local_date('events.started_at', 'settings.timezone') }} as called_on,
        events.ended_at,
        {{ local_date('events.created_at', 'settings.timezone') }} as recorded_on
    from events
    cross join settings

    union all

    -- Veeva's calls count once submitted; one on a person or an institution names either as its account.
    select
        3 as place,
        veeva.call_id,
        cast(null as string) as contact_id,
        veeva.account_id,
        cast(null as string) as opportunity_id,
        veeva.owner_id,
        {{ call_kind('veeva.type', otherwise=call_kind('veeva.channel', otherwise="'call'")) }} as kind,
        coalesce(veeva.status = 'submitted', false) as took_place,
        coalesce(veeva.called_at, cast(veeva.called_on as timestamp)) as called_at,
        coalesce({{ local_date('veeva.called_at', 'settings.timezone') }}, veeva.called_on) as called_on,
        {{ seconds_after('veeva.called_at', '60 * cast(veeva.duration_minutes as bigint)') }} as ended_at,
        {{ local_date('veeva.created_at', 'settings.timezone') }} as recorded_on
    from veeva
    cross join settings

    union all

    select
        4 as place,
        oce.call_id,
        cast(null as string) as contact_id,
        oce.account_id,
        cast(null as string) as opportunity_id,
        oce.owner_id,
        {{ call_kind('oce.type', otherwise=call_kind('oce.channel', otherwise="'call'")) }} as kind,
        {{ took_place('oce.status', 'null') }} as took_place,
        oce.called_at,
        {{ local_date('oce.called_at', 'settings.timezone') }} as called_on,
        cast(null as timestamp) as ended_at,
        {{ local_date('oce.created_at', 'settings.timezone') }} as recorded_on
    from oce
    cross join settings

    union all

    -- A record that HubSpot does not hold lives in the Salesforce org beside it.
    select
        5 as place,
        own_ids.published_id as call_id,
        coalesce(contact_ids.published_id, hubspot_activities.contact_id) as contact_id,
        coalesce(company_ids.published_id, hubspot_activities.account_id) as account_id,
        coalesce(deal_ids.published_id, hubspot_activities.opportunity_id) as opportunity_id,
        coalesce(owners.user_id, hubspot_activities.owner) as owner_id,
        hubspot_activities.kind,
        hubspot_activities.took_place,
        hubspot_activities.called_at,
        {{ local_date('hubspot_activities.called_at', 'settings.timezone') }} as called_on,
        hubspot_activities.ended_at,
        {{ local_date('hubspot_activities.created_at', 'settings.timezone') }} as recorded_on
    from hubspot_activities
    cross join settings
    inner join ids as own_ids
        on hubspot_activities.record_id = own_ids.record_id and hubspot_activities.object = own_ids.object
    left join ids as contact_ids
        on hubspot_activities.contact_id = contact_ids.record_id and contact_ids.object = 'contact'
    left join ids as company_ids
        on hubspot_activities.account_id = company_ids.record_id and company_ids.object = 'company'
    left join ids as deal_ids
        on hubspot_activities.opportunity_id = deal_ids.record_id and deal_ids.object = 'deal'
    left join owners
        on lower(hubspot_activities.owner) = owners.owner_key

),

-- One Id in two exports of one org is one interaction.
ranked as (

    select
        {{ star_without('place') }},
        row_number() over (partition by call_id order by place) as preference
    from every_crm
    where kind is not null

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final
order by call_id
