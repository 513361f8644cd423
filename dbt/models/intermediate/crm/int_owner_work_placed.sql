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

final as (

    select
        work.owner_id as rep_id,
        territories.territory_id,
        work.worked_on,
        work.known_on
    from work
    left join contacts
        on coalesce(work.contact_id, work.account_id) = contacts.contact_id
    left join accounts
        on coalesce(contacts.account_id, work.account_id) = accounts.account_id
    inner join territories
        on coalesce(contacts.zip5, accounts.zip5) = territories.zip5
    where work.owner_id is not null and (work.known_on <= {{ as_of() }} or work.known_on is null)

)

select * from final
