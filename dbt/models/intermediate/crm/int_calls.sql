with

activities as (

    select * from {{ ref('int_crm_activities_united') }}
    where coalesce(recorded_on, called_on) <= {{ as_of() }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

opportunities as (

    select * from {{ ref('int_crm_opportunities_united') }}

),

seats as (

    select * from {{ ref('int_rep_seats') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

final as (

    select
        activities.call_id,
        activities.owner_id as rep_id,
        coalesce(contacts.contact_id, persons.contact_id) as contact_id,
        coalesce(contacts.npi, persons.npi) as npi,
        coalesce(accounts.account_id, opportunities.account_id, contacts.account_id, persons.account_id) as account_id,
        activities.called_at,
        activities.called_on,
        activities.kind,
        {{ days_between('activities.recorded_on', 'activities.called_on') }} as planned_days_ahead,
        coalesce({{ days_between('activities.recorded_on', 'activities.called_on') }} >= settings.planned_notice_days, false)
            as is_planned,
        coalesce(activities.took_place and activities.called_on <= {{ as_of() }}, false) as is_kept,
        case
            when activities.ended_at >= activities.called_at
                then {{ minutes_between('activities.called_at', 'activities.ended_at') }}
        end as duration_minutes,
        coalesce(activities.recorded_on, activities.called_on) as known_on,
        seats.territory_id
    from activities
    cross join settings
    left join contacts
        on activities.contact_id = contacts.contact_id
    -- A person whom the CRM keeps as an account.
    left join contacts as persons
        on activities.account_id = persons.contact_id
    left join accounts
        on activities.account_id = accounts.account_id
    left join opportunities
        on activities.opportunity_id = opportunities.opportunity_id
    left join seats
        on
            activities.owner_id = seats.rep_id
            and coalesce(activities.called_on, activities.recorded_on) between seats.valid_from and seats.valid_to

)

select * from final
order by call_id
