with

providers as (

    select npi from {{ ref('int_providers_registered') }}

),

affiliations as (

    select stays.*
    from {{ ref('int_affiliation_intervals') }} as stays
    semi join providers
        on stays.npi = providers.npi

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}
    where npi is not null and account_id is not null

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

-- Where a provider works: by the registry, or by the account under which the CRM keeps them.
final as (

    select
        npi,
        facility_id as site_id,
        valid_from,
        coalesce(valid_to, {{ for_ever() }}) as valid_to,
        true as is_registered
    from affiliations

    union all

    select
        contacts.npi,
        coalesce(accounts.facility_id, accounts.account_id) as site_id,
        coalesce(min(contacts.known_on), {{ since_ever() }}) as valid_from,
        {{ for_ever() }} as valid_to,
        false as is_registered
    from contacts
    inner join accounts
        on contacts.account_id = accounts.account_id
    group by contacts.npi, coalesce(accounts.facility_id, accounts.account_id)

)

select * from final
