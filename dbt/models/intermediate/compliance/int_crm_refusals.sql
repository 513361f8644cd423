with

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

possible as (

    select * from {{ ref('int_contacts_possible') }}

),

outlived as (

    select * from {{ ref('int_crm_refusals_outlived') }}

),

opted_out as (

    select * from {{ ref('int_crm_contacts_united') }}
    where has_pdrp_opt_out and coalesce(pdrp_opted_out_on <= {{ as_of() }}, true)

),

-- Who is meant by a contact: the linked provider, and while a link waits for review each provider whom it may mean.
meant as (

    select
        contact_id,
        npi
    from contacts
    where npi is not null
    union all
    select
        possible.contact_id,
        possible.npi
    from possible
    inner join contacts
        on possible.contact_id = contacts.contact_id
    where contacts.link_method = 'review'

),

-- An opt-out of e-mail is not among them: it bars e-mail only.
refused as (

    select
        contact_id,
        'DO_NOT_CALL' as rule,
        known_on as since
    from contacts
    where do_not_call

    union all

    select
        opted_out.contact_id,
        'PDRP' as rule,
        coalesce(opted_out.pdrp_opted_out_on, contacts.known_on) as since
    from opted_out
    inner join contacts
        on opted_out.contact_id = contacts.contact_id

),

final as (

    select
        refused.contact_id,
        meant.npi,
        refused.rule,
        refused.since
    from refused
    inner join meant
        on refused.contact_id = meant.contact_id

    union all

    select
        contact_id,
        npi,
        rule,
        since
    from outlived

)

select * from final
order by contact_id, npi, rule
