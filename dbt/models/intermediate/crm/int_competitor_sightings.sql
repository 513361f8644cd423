with

sightings as (

    select * from {{ ref('stg_salesforce__competitor_activities') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

final as (

    select
        sightings.sighting_id,
        coalesce(sightings.account_id, contacts.account_id) as account_id,
        accounts.facility_id,
        contacts.npi,
        sightings.competitor,
        sightings.observed_on
    from sightings
    left join contacts
        on sightings.contact_id = contacts.contact_id
    left join accounts
        on coalesce(sightings.account_id, contacts.account_id) = accounts.account_id
    where sightings.observed_on <= {{ as_of() }}

)

select * from final
order by sighting_id
