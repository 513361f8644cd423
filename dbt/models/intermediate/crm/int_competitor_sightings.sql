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

names as (

    select * from {{ ref('int_supplier_names') }}

),

final as (

    select
        sightings.sighting_id,
        coalesce(sightings.account_id, contacts.account_id) as account_id,
        accounts.facility_id,
        contacts.npi,
        contacts.contact_id,
        sightings.owner_id as rep_id,
        coalesce(names.supplier, sightings.competitor) as competitor,
        sightings.observed_on
    from sightings
    left join contacts
        on sightings.contact_id = contacts.contact_id
    left join accounts
        on coalesce(sightings.account_id, contacts.account_id) = accounts.account_id
    left join names
        on {{ normal_name('sightings.competitor') }} = names.name_key
    -- What a rep filed under our own name is no competitor.
    where sightings.observed_on <= {{ as_of() }} and coalesce(names.relation != 'own', true)

)

select * from final
order by sighting_id
