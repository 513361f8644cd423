with

checked as (

    select * from {{ ref('int_contact_npis_checked') }}
    where cause is null

),

first_look as (

    select * from {{ ref('int_link_first_look') }}

),

-- Contacts whose NPI is believed, and each other one as far as the first look says who it is.
final as (

    select
        contact_id,
        npi,
        cast(1 as double) as certainty
    from checked

    union all

    select
        first_look.contact_id,
        first_look.npi,
        first_look.link_probability as certainty
    from first_look
    anti join checked
        on first_look.contact_id = checked.contact_id

)

select * from final
order by contact_id, npi
