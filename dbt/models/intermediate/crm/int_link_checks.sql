with

decisions as (

    select * from {{ ref('stg_company__link_decisions') }}
    where decided_on is null or decided_on <= {{ as_of() }}

),

in_force as (

    select * from {{ ref('int_link_decisions') }}

),

contacts as (

    select contact_id from {{ ref('int_crm_contacts_cleaned') }}

),

linked as (

    select * from {{ ref('int_contacts_linked') }}

),

counted as (

    select
        count(*) as decisions_known,
        count(*) - (select count(*) from in_force) as overruled
    from decisions

),

unknown as (

    select count(*) as found
    from in_force
    left join contacts
        on in_force.contact_id = contacts.contact_id
    where contacts.contact_id is null

),

not_registered as (

    select count(*) as found
    from linked
    where cause like '%npi_of_steward_not_registered'

),

final as (

    select
        'company' as source,
        'link_decision_of_unknown_contact' as check_name,
        unknown.found,
        'no CRM knows the contact, so the decision waits' as expected,
        counted.decisions_known as rows_checked
    from unknown
    cross join counted

    union all

    select
        'company' as source,
        'link_decision_to_unregistered_npi' as check_name,
        not_registered.found,
        'no register knows the NPI, so the contact stays unlinked' as expected,
        counted.decisions_known as rows_checked
    from not_registered
    cross join counted

    union all

    select
        'company' as source,
        'link_decision_overruled' as check_name,
        overruled as found,
        'a newer decision about the same contact counts' as expected,
        decisions_known as rows_checked
    from counted

)

select * from final
