with

cleaned as (

    select
        *,
        {{ largest_element('formal_names') }} as formal_name
    from {{ ref('int_crm_contacts_cleaned') }}

),

linked as (

    select * from {{ ref('int_contacts_linked') }}

),

-- What two records of one person in one register share: a provider, or a name with a likely provider, an address of mail,
-- a telephone, an account or a place.
traits as (

    select
        contact_id,
        'npi' as trait,
        npi as trait_value
    from linked

    union all

    select
        linked.contact_id,
        'candidate' as trait,
        coalesce(linked.npi, linked.candidate_npi) || '|' || cleaned.formal_name as trait_value
    from linked
    inner join cleaned
        on linked.contact_id = cleaned.contact_id
    where linked.npi is not null or linked.link_probability >= 0.7

    union all

    select
        contact_id,
        'email' as trait,
        last_key || '|' || email as trait_value
    from cleaned

    union all

    select
        contact_id,
        'phone' as trait,
        last_key || '|' || formal_name || '|' || phone as trait_value
    from cleaned
    where length(phone) >= 7

    union all

    select
        contact_id,
        'account' as trait,
        last_key || '|' || formal_name || '|' || account_id as trait_value
    from cleaned

    union all

    -- Offices are left out: a buyer may bear the name of a surgeon of the same town.
    select
        contact_id,
        'place' as trait,
        last_key || '|' || formal_name || '|' || zip5 as trait_value
    from cleaned
    where length(first_key) > 1 and not has_office_title and (role = 'user' or has_specialty)

),

final as (

    select
        traits.contact_id,
        linked.register,
        linked.npi,
        traits.trait,
        traits.trait_value
    from traits
    inner join linked
        on traits.contact_id = linked.contact_id
    where traits.trait_value is not null

)

select * from final
order by contact_id, trait
