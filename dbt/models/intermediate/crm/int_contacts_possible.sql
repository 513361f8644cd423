with

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

scores as (

    select * from {{ ref('int_link_scores') }}

),

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

-- Whom an unlinked contact could be: by its name, or by the NPI that its name contradicts.
possible as (

    select
        contact_id,
        npi,
        link_probability
    from scores
    where link_probability >= 0.01

    union all

    select
        contact_id,
        npi,
        cast(null as double) as link_probability
    from candidates
    where has_same_npi

),

final as (

    select
        possible.contact_id,
        possible.npi,
        max(possible.link_probability) as link_probability,
        max(contacts.link_method) as link_method,
        bool_or(contacts.do_not_call) as do_not_call
    from possible
    inner join contacts
        on possible.contact_id = contacts.contact_id
    where contacts.npi is null
    group by possible.contact_id, possible.npi

)

select * from final
order by contact_id, npi
