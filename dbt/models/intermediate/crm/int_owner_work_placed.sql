with

activities as (

    select * from {{ ref('int_crm_activities_united') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

deals as (

    select
        deals.*,
        {{ local_date('deals.created_at', 'settings.timezone') }} as created_on
    from {{ ref('int_crm_opportunities_united') }} as deals
    cross join settings

),

contacts as (

    select * from {{ ref('int_crm_contacts_united') }}

),

accounts as (

    select * from {{ ref('int_crm_accounts_united') }}

),

territories as (

    select * from {{ ref('int_zip_primary_territories') }}

),

-- Everything that a rep did for a person or an institution, when, and when it was known.
work as (

    select
        owner_id,
        contact_id,
        account_id,
        called_on as worked_on,
        coalesce(recorded_on, called_on) as known_on
    from activities

    union all

    select
        owner_id,
        contact_id,
        account_id,
        created_on as worked_on,
        created_on as known_on
    from deals

),

-- A piece of work may be known before its day: one that is planned.
final as (

    select
        work.owner_id as rep_id,
        territories.territory_id,
        {{ month_start('work.worked_on') }} as worked_month,
        count(*) as pieces_of_work,
        count(*) filter (where work.worked_on <= {{ as_of() }}) as pieces_done,
        max(work.known_on) as last_known_on
    from work
    left join contacts
        on coalesce(work.contact_id, work.account_id) = contacts.contact_id
    left join accounts
        on coalesce(contacts.account_id, work.account_id) = accounts.account_id
    inner join territories
        on coalesce(contacts.zip5, accounts.zip5) = territories.zip5
    where work.owner_id is not null and (work.known_on <= {{ as_of() }} or work.known_on is null)
    group by work.owner_id, territories.territory_id, {{ month_start('work.worked_on') }}

)

select * from final
order by rep_id, territory_id, worked_month
