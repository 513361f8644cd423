with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

tasks as (

    select
        tasks.*,
        {{ local_date('tasks.created_at', 'settings.timezone') }} as recorded_on
    from {{ ref('stg_salesforce__tasks') }} as tasks
    cross join settings

),

events as (

    select
        events.*,
        {{ local_date('events.started_at', 'settings.timezone') }} as called_on,
        {{ local_date('events.created_at', 'settings.timezone') }} as recorded_on
    from {{ ref('stg_salesforce__events') }} as events
    cross join settings

),

veeva as (

    select
        calls.*,
        {{ local_date('calls.called_at', 'settings.timezone') }} as started_on,
        {{ local_date('calls.created_at', 'settings.timezone') }} as recorded_on
    from {{ ref('stg_veeva__calls') }} as calls
    cross join settings

),

oce as (

    select
        calls.*,
        {{ local_date('calls.called_at', 'settings.timezone') }} as called_on,
        {{ local_date('calls.created_at', 'settings.timezone') }} as recorded_on
    from {{ ref('stg_oce__calls') }} as calls
    cross join settings

),

ids as (

    select * from {{ ref('int_hubspot_ids') }}

),

owners as (

    select * from {{ ref('int_crm_owners') }}

),

-- The kind of an interaction by the type that a CRM's user chose (lower case); e-mails are none.
kinds (type, kind) as (

    values
    ('call', 'call'),
    ('meeting', 'meeting'),
    ('demo', 'demo'),
    ('case attendance', 'case_attendance'),
    ('device trial', 'trial'),
    ('trial', 'trial'),
    ('remote call', 'remote'),
    ('remote', 'remote'),
    ('virtual', 'remote'),
    ('video', 'remote'),
    ('phone', 'remote'),
    ('email', null),
    ('e-mail', null)

),

hubspot_activities as (

    select
        5 as place,
        'call' as object,
        call_id as record_id,
        contact_id,
        account_id,
        opportunity_id,
        owner,
        type,
        'call' as usual_kind,
        {{ took_place('status', 'title') }} as took_place,
        started_at as called_at,
        {{ seconds_after('started_at', 'duration_seconds') }} as ended_at,
        created_at
    from {{ ref('stg_hubspot__calls') }}

    union all

    select
        6 as place,
        'meeting' as object,
        meeting_id as record_id,
        contact_id,
        account_id,
        opportunity_id,
        owner,
        type,
        'meeting' as usual_kind,
        {{ took_place('status', 'title') }} as took_place,
        started_at as called_at,
        ended_at,
        created_at
    from {{ ref('stg_hubspot__meetings') }}

),

hubspot as (

    select
        hubspot_activities.*,
        {{ local_date('hubspot_activities.called_at', 'settings.timezone') }} as called_on,
        {{ local_date('hubspot_activities.created_at', 'settings.timezone') }} as recorded_on
    from hubspot_activities
    cross join settings

),

every_crm as (

    -- A task has a day and no hour: its call stands at midnight. What it is about may be an account or a deal.
    select
        1 as place,
        cast(null as string) as object,
        tasks.task_id as call_id,
        tasks.who_id as contact_id,
        tasks.what_id as account_id,
        tasks.what_id as opportunity_id,
        tasks.owner_id,
        kinds.kind,
        {{ took_place('tasks.status', 'tasks.subject', is_in_calendar=false) }} as took_place,
        cast(tasks.activity_on as timestamp) as called_at,
        tasks.activity_on as called_on,
        cast(null as timestamp) as ended_at,
        tasks.recorded_on
    from tasks
    inner join kinds
        on tasks.type = kinds.type
    where kinds.kind is not null

    union all

    select
        2 as place,
        cast(null as string) as object,
        events.event_id as call_id,
        events.who_id as contact_id,
        events.what_id as account_id,
        events.what_id as opportunity_id,
        events.owner_id,
        kinds.kind,
        {{ took_place('events.status', 'events.subject') }} as took_place,
        events.started_at as called_at,
        events.called_on,
        events.ended_at,
        events.recorded_on
    from events
    inner join kinds
        on events.type = kinds.type
    where kinds.kind is not null

    union all

    -- Veeva's calls count once submitted; one on a person or an institution names either as its account.
    select
        3 as place,
        cast(null as string) as object,
        veeva.call_id,
        cast(null as string) as contact_id,
        veeva.account_id,
        cast(null as string) as opportunity_id,
        veeva.owner_id,
        case when kinds.type is not null then kinds.kind when channels.type is not null then channels.kind else 'call' end as kind,
        coalesce(veeva.status = 'submitted', false) as took_place,
        coalesce(veeva.called_at, cast(veeva.called_on as timestamp)) as called_at,
        coalesce(veeva.started_on, veeva.called_on) as called_on,
        {{ seconds_after('veeva.called_at', '60 * cast(veeva.duration_minutes as bigint)') }} as ended_at,
        veeva.recorded_on
    from veeva
    left join kinds
        on veeva.type = kinds.type
    left join kinds as channels
        on veeva.channel = channels.type

    union all

    select
        4 as place,
        cast(null as string) as object,
        oce.call_id,
        cast(null as string) as contact_id,
        oce.account_id,
        cast(null as string) as opportunity_id,
        oce.owner_id,
        case when kinds.type is not null then kinds.kind when channels.type is not null then channels.kind else 'call' end as kind,
        {{ took_place('oce.status', 'null') }} as took_place,
        oce.called_at,
        oce.called_on,
        cast(null as timestamp) as ended_at,
        oce.recorded_on
    from oce
    left join kinds
        on oce.type = kinds.type
    left join kinds as channels
        on oce.channel = channels.type

    union all

    -- A record that HubSpot does not hold lives in the Salesforce org beside it.
    select
        hubspot.place,
        hubspot.object,
        hubspot.record_id as call_id,
        coalesce(contact_ids.published_id, hubspot.contact_id) as contact_id,
        coalesce(company_ids.published_id, hubspot.account_id) as account_id,
        coalesce(deal_ids.published_id, hubspot.opportunity_id) as opportunity_id,
        coalesce(owners.user_id, hubspot.owner) as owner_id,
        case when kinds.type is not null then kinds.kind else hubspot.usual_kind end as kind,
        hubspot.took_place,
        hubspot.called_at,
        hubspot.called_on,
        hubspot.ended_at,
        hubspot.recorded_on
    from hubspot
    left join kinds
        on hubspot.type = kinds.type
    left join ids as contact_ids
        on hubspot.contact_id = contact_ids.record_id and contact_ids.object = 'contact'
    left join ids as company_ids
        on hubspot.account_id = company_ids.record_id and company_ids.object = 'company'
    left join ids as deal_ids
        on hubspot.opportunity_id = deal_ids.record_id and deal_ids.object = 'deal'
    left join owners
        on lower(hubspot.owner) = owners.owner_key

),

-- Most Ids stand once; only among rows of those that stand again one must be preferred.
borne_again as (

    select call_id
    from every_crm
    where kind is not null or object is not null
    group by call_id
    having count(*) > 1

),

ranked as (

    select
        every_crm.*,
        row_number() over (partition by every_crm.call_id order by every_crm.place) as preference
    from every_crm
    semi join borne_again
        on every_crm.call_id = borne_again.call_id
    where every_crm.kind is not null or every_crm.object is not null

),

-- One Id in two exports of one org is one interaction. HubSpot numbers the records of each object on their own: an Id keeps the
-- CRM's form, unless another CRM or object has taken it: then the object stands before it.
final as (

    select
        every_crm.call_id,
        every_crm.contact_id,
        every_crm.account_id,
        every_crm.opportunity_id,
        every_crm.owner_id,
        every_crm.kind,
        every_crm.took_place,
        every_crm.called_at,
        every_crm.called_on,
        every_crm.ended_at,
        every_crm.recorded_on
    from every_crm
    anti join borne_again
        on every_crm.call_id = borne_again.call_id
    where every_crm.kind is not null

    union all

    select
        case when preference = 1 then call_id else 'hubspot-' || object || '-' || call_id end as call_id,
        contact_id,
        account_id,
        opportunity_id,
        owner_id,
        kind,
        took_place,
        called_at,
        called_on,
        ended_at,
        recorded_on
    from ranked
    where kind is not null and (preference = 1 or object is not null)

)

select * from final
order by call_id
