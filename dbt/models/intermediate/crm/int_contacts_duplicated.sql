with

cleaned as (

    select * from {{ ref('int_crm_contacts_cleaned') }}

),

linked as (

    select * from {{ ref('int_contacts_linked') }}

),

-- What two records of one person in one register share: a provider, or a name with an address of mail, a telephone or an account.
traits as (

    select
        contact_id,
        register,
        'npi' as trait,
        npi as trait_value,
        known_on
    from linked
    where npi is not null

    union all

    select
        contact_id,
        register,
        'email' as trait,
        last_key || '|' || email as trait_value,
        known_on
    from cleaned

    union all

    select
        contact_id,
        register,
        'phone' as trait,
        last_key || '|' || coalesce(list_max(formal_names), '') || '|' || phone as trait_value,
        known_on
    from cleaned
    where length(phone) >= 7

    union all

    select
        contact_id,
        register,
        'account' as trait,
        last_key || '|' || first_key || '|' || account_id as trait_value,
        known_on
    from cleaned

),

paired as (

    select
        contact_id,
        trait,
        first_value(contact_id) over (partition by register, trait, trait_value order by known_on nulls last, contact_id) as original_id
    from traits
    where trait_value is not null

),

-- Two records that link to two providers are two people.
final as (

    select
        paired.contact_id,
        paired.original_id,
        paired.trait
    from paired
    inner join linked
        on paired.contact_id = linked.contact_id
    inner join linked as originals
        on paired.original_id = originals.contact_id
    where
        paired.contact_id != paired.original_id
        and coalesce(linked.npi = originals.npi, true)
    qualify row_number() over (
        partition by paired.contact_id
        order by array_position(['npi', 'email', 'phone', 'account'], paired.trait), paired.original_id
    ) = 1

)

select * from final
order by contact_id
