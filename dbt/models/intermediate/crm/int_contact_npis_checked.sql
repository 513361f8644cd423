with

contacts as (

    select * from {{ ref('int_crm_contacts_cleaned') }}

),

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

providers as (

    select npi from {{ ref('int_link_register') }}

),

-- Who bears the contact's whole name and practises where it does.
namesakes as (

    select distinct contact_id
    from candidates
    where
        last_name in ('exact', 'former')
        and first_name in ('exact', 'familiar')
        and place in ('zip', 'city')

),

-- The CRM's own NPI is believed when its check digit holds, the provider is known, no steward has ruled it out, and the name does
-- not contradict it.
checked as (

    select
        contacts.contact_id,
        contacts.npi_given,
        {{ has_npi_check_digit('contacts.npi_given') }} as has_check_digit,
        providers.npi is not null as is_registered,
        candidates.npi is not null as is_allowed,
        coalesce(
            decisions.contact_id is not null
            or candidates.last_name != 'differs' and candidates.first_name != 'differs'
            or candidates.last_name in ('exact', 'former', 'part')
            and (candidates.place in ('zip', 'city') or candidates.place = 'state' and candidates.specialty = 'same')
            or candidates.first_name in ('exact', 'familiar') and candidates.place in ('zip', 'city', 'state')
            and (candidates.place = 'zip' or candidates.facility = 'same' or candidates.specialty = 'same')
            and namesakes.contact_id is null,
            contacts.last_key is null
        ) as is_same_name
    from contacts
    left join candidates
        on contacts.contact_id = candidates.contact_id and candidates.has_same_npi
    left join namesakes
        on contacts.contact_id = namesakes.contact_id
    left join providers
        on contacts.npi_given = providers.npi
    left join decisions
        on
            contacts.contact_id = decisions.contact_id
            and contacts.npi_given = decisions.npi
            and decisions.decision = 'link'
    where contacts.npi_given is not null

),

final as (

    select
        contact_id,
        npi_given as npi,
        case
            when not has_check_digit then 'npi_check_digit'
            when not is_registered then 'npi_not_registered'
            when not is_allowed then 'npi_ruled_out'
            when not is_same_name then 'npi_contradicts_name'
        end as cause
    from checked

)

select * from final
order by contact_id
