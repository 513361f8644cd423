with

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

companies as (

    select * from {{ ref('stg_hubspot__companies') }}

),

deals as (

    select * from {{ ref('stg_hubspot__deals') }}

),

accounts_elsewhere as (

    select account_id from {{ ref('stg_salesforce__accounts') }}
    union
    select account_id from {{ ref('stg_veeva__accounts') }}

),

contacts_elsewhere as (

    select contact_id from {{ ref('stg_salesforce__contacts') }}
    union
    select account_id from accounts_elsewhere

),

-- HubSpot numbers the records of each object on their own.
records as (

    select
        'contact' as object,
        contacts.contact_id as record_id,
        contacts_elsewhere.contact_id is not null as is_taken
    from contacts
    left join contacts_elsewhere
        on contacts.contact_id = contacts_elsewhere.contact_id

    union all

    select
        'company' as object,
        companies.account_id as record_id,
        accounts_elsewhere.account_id is not null as is_taken
    from companies
    left join accounts_elsewhere
        on companies.account_id = accounts_elsewhere.account_id

    union all

    select
        'deal' as object,
        deals.opportunity_id as record_id,
        opportunities.opportunity_id is not null as is_taken
    from deals
    left join {{ ref('stg_salesforce__opportunities') }} as opportunities
        on deals.opportunity_id = opportunities.opportunity_id

),

-- An id keeps the CRM's form, unless another CRM or object has taken it: then the object stands before it.
final as (

    select
        object,
        record_id,
        case when is_taken then 'hubspot-' || object || '-' || record_id else record_id end as published_id
    from records

)

select * from final
order by object, record_id
