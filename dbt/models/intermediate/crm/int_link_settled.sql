with

contacts as (

    select
        contact_id,
        npi_given,
        first_key,
        last_key
    from {{ ref('int_link_contacts') }}
    where {{ has_npi_check_digit('npi_given') }}

),

register as (

    select
        npi,
        first_key,
        last_key,
        other_last_key
    from {{ ref('int_link_register') }}

),

decisions as (

    select contact_id from {{ ref('int_link_decisions') }}

),

final as (

    select
        contacts.contact_id,
        contacts.npi_given as npi
    from contacts
    inner join register
        on contacts.npi_given = register.npi
    anti join decisions
        on contacts.contact_id = decisions.contact_id
    where
        contacts.last_key in (register.last_key, register.other_last_key)
        and (
            contacts.first_key = register.first_key
            or least(length(contacts.first_key), length(register.first_key)) >= 3
            and (
                {{ begins_with('contacts.first_key', 'register.first_key') }}
                or {{ begins_with('register.first_key', 'contacts.first_key') }}
            )
        )

)

select * from final
order by contact_id
