with

restrictions as (

    select *
    from {{ ref('stg_company__restrictions') }}
    where
        (effective_from <= {{ as_of() }} or effective_from is null)
        and (effective_to >= {{ as_of() }} or effective_to is null)

),

affiliations as (

    select *
    from {{ ref('int_provider_affiliations_dated') }}
    where
        (valid_from <= {{ as_of() }} or valid_from is null)
        and (valid_to >= {{ as_of() }} or valid_to is null)

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

opted_out as (

    select * from {{ ref('int_crm_contacts_united') }}
    where has_pdrp_opt_out and coalesce(pdrp_opted_out_on <= {{ as_of() }}, true)

),

possible as (

    select * from {{ ref('int_contacts_possible') }}

),

named as (

    select
        npi,
        restriction_list as rule,
        effective_from as since
    from restrictions
    where npi is not null

    union all

    select
        affiliations.npi,
        restrictions.restriction_list as rule,
        restrictions.effective_from as since
    from restrictions
    inner join affiliations
        on restrictions.facility_id = affiliations.facility_id
    where restrictions.npi is null

    union all

    select
        npi,
        'DO_NOT_CALL' as rule,
        known_on as since
    from contacts
    where do_not_call and npi is not null

    union all

    -- Who keeps prescribing data from sales forces may say so in the CRM as well.
    select
        contacts.npi,
        'PDRP' as rule,
        coalesce(opted_out.pdrp_opted_out_on, contacts.known_on) as since
    from opted_out
    inner join contacts
        on opted_out.contact_id = contacts.contact_id
    where contacts.npi is not null

    union all

    -- Who may be meant by a contact in the review band is left alone as well.
    select
        possible.npi,
        'DO_NOT_CALL' as rule,
        contacts.known_on as since
    from possible
    inner join contacts
        on possible.contact_id = contacts.contact_id
    where contacts.do_not_call and contacts.link_method = 'review'

),

final as (

    select
        npi,
        rule,
        min(since) as since
    from named
    group by npi, rule

)

select * from final
order by npi, rule
