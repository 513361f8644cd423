with

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

veeva_persons as (

    select account_id from {{ ref('stg_veeva__accounts') }}
    where is_person

),

hubspot_ids as (

    select * from {{ ref('int_hubspot_ids') }}
    where object = 'contact'

),

-- A person account that Veeva's export holds is Veeva's, though the org's own export may hold it as well.
placed as (

    select
        contacts.contact_id,
        case
            when veeva_persons.account_id is not null then 'veeva'
            when contacts.register = 'salesforce persons' then 'salesforce'
            else contacts.register
        end as crm,
        case when contacts.register = 'hubspot' then coalesce(hubspot_ids.record_id, contacts.contact_id) else contacts.contact_id end
            as record_id,
        veeva_persons.account_id is not null or contacts.register = 'salesforce persons' as is_person_account,
        contacts.npi,
        contacts.link_method,
        contacts.link_basis,
        contacts.link_probability
    from contacts
    left join veeva_persons
        on contacts.contact_id = veeva_persons.account_id
    left join hubspot_ids
        on contacts.contact_id = hubspot_ids.published_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by crm, npi
            order by link_method = 'npi' desc, link_probability desc nulls last, contact_id asc
        ) as preference
    from placed

),

final as (

    select
        contact_id,
        crm,
        record_id,
        is_person_account,
        npi,
        link_basis,
        npi is not null and preference = 1 as stands_for_provider
    from ranked

)

select * from final
order by contact_id
