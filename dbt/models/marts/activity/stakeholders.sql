with

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept and contact_id is not null

),

contacted as (

    select
        contact_id,
        max(called_on) as last_contacted_on,
        count_if(called_on > {{ as_of() }} - interval 12 month) as contacts_12m
    from calls
    group by contact_id

),

final as (

    select
        contacts.contact_id,
        contacts.account_id,
        accounts.facility_id,
        contacts.npi,
        contacts.role,
        contacts.link_method,
        contacts.link_basis,
        nullif(contacts.cause, '') as link_cause,
        contacts.candidate_npi,
        contacts.link_probability,
        contacted.last_contacted_on,
        cast(coalesce(contacted.contacts_12m, 0) as bigint) as contacts_12m
    from contacts
    left join accounts
        on contacts.account_id = accounts.account_id
    left join contacted
        on contacts.contact_id = contacted.contact_id

)

select * from final
order by contact_id
