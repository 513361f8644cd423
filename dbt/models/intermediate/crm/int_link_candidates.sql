{%- set particles = "['de', 'la', 'del', 'los', 'las', 'da', 'di', 'van', 'von', 'der', 'den', 'el', 'al', 'le', 'st', 'mac', 'mc']" -%}
with

contacts as (

    select * from {{ ref('int_crm_contacts_cleaned') }}

),

providers as (

    select * from {{ ref('int_link_providers') }}

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

contact_parts as (

    select
        *,
        list_filter(family_names, lambda part: not list_contains({{ particles }}, part)) as family_parts,
        list_filter(given_names, lambda part: length(part) > 1) as whole_given_names
    from contacts

),

provider_parts as (

    select
        *,
        list_concat([last_key, other_last_key], family_names, coalesce(other_family_names, [])) as name_keys,
        list_filter(given_names, lambda part: length(part) > 1) as whole_given_names,
        -- `Derm`, `Neuro`: whoever keeps a CRM cuts words short.
        list_concat(
            specialty_stems,
            list_transform(specialty_stems, lambda stem: left(stem, 4)),
            list_transform(specialty_stems, lambda stem: left(stem, 3))
        ) as specialty_beginnings
    from providers

),

contact_keys as (

    select
        contact_id,
        unnest(list_distinct(list_concat([last_key], family_parts))) as name_key,
        coalesce(
            list_distinct(list_transform(list_concat(formal_names, coalesce(given_names, [])), lambda part: part[1])), ['*']
        ) as initials
    from contact_parts
    where last_key is not null

),

provider_keys as (

    select
        npi,
        unnest(list_distinct(list_filter(name_keys, lambda part: not list_contains({{ particles }}, part)))) as name_key,
        list_distinct(list_concat(['*'], list_transform(list_concat(formal_names, given_names), lambda part: part[1]))) as initials
    from provider_parts

),

contact_blocks as (

    select
        contact_id,
        name_key,
        unnest(initials) as initial
    from contact_keys

),

provider_blocks as (

    select
        npi,
        name_key,
        unnest(initials) as initial
    from provider_keys

),

by_name as (

    select distinct
        contact_blocks.contact_id,
        provider_blocks.npi
    from contact_blocks
    inner join provider_blocks
        on contact_blocks.name_key = provider_blocks.name_key and contact_blocks.initial = provider_blocks.initial

),

contact_first_names as (

    select
        *,
        unnest(formal_names) as formal_name
    from contacts

),

provider_first_names as (

    select
        *,
        unnest(formal_names) as formal_name
    from providers

),

-- Misspelt family names are looked for among people of that first name, in the same ZIP or with the same first letters
-- in the same state.
contact_areas as (

    select
        contact_id,
        last_key,
        formal_name,
        unnest(list_distinct([zip5, account_zip5, state || left(last_key, 2)])) as area
    from contact_first_names
    where length(last_key) >= 4

),

provider_areas as (

    select
        npi,
        last_key,
        formal_name,
        unnest([zip5, state || left(last_key, 2)]) as area
    from provider_first_names

),

by_area as (

    select distinct
        contact_areas.contact_id,
        provider_areas.npi
    from contact_areas
    inner join provider_areas
        on contact_areas.area = provider_areas.area and contact_areas.formal_name = provider_areas.formal_name
    where {{ is_misspelt('contact_areas.last_key', 'provider_areas.last_key') }}

),

by_npi as (

    select
        contacts.contact_id,
        providers.npi
    from contacts
    inner join providers
        on contacts.npi_given = providers.npi

),

decided as (

    select
        contact_id,
        npi
    from decisions
    where decision = 'link'

),

found as (

    select * from by_name
    union
    select * from by_area
    union
    select * from by_npi
    union
    select * from decided

),

-- Whom a steward named is the only candidate, whom a steward ruled out is none.
pairs as (

    select
        found.contact_id,
        found.npi
    from found
    left join decided
        on found.contact_id = decided.contact_id
    left join decisions as refused
        on
            found.contact_id = refused.contact_id
            and refused.decision = 'no_link'
            and (found.npi = refused.npi or refused.npi is null)
    where
        refused.contact_id is null
        and (decided.npi is null or found.npi = decided.npi)

),

final as (

    select
        pairs.contact_id,
        pairs.npi,
        case
            when contacts.last_key = providers.last_key then 'exact'
            when contacts.last_key = providers.other_last_key then 'former'
            when list_has_any(contacts.family_parts, providers.name_keys) then 'part'
            when {{ is_misspelt('contacts.last_key', 'providers.last_key') }} then 'misspelt'
            else 'differs'
        end as last_name,
        case
            when contacts.first_key is null or providers.first_key is null then 'missing'
            when contacts.first_key = providers.first_key then 'exact'
            when
                list_has_any(contacts.formal_names, providers.formal_names)
                or least(length(contacts.first_key), length(providers.first_key)) >= 3
                and (starts_with(contacts.first_key, providers.first_key) or starts_with(providers.first_key, contacts.first_key))
                then 'familiar'
            when list_has_any(contacts.whole_given_names, providers.whole_given_names) then 'familiar'
            when
                least(length(contacts.first_key), length(providers.first_key)) = 1
                and contacts.first_key[1] = providers.first_key[1] then 'initial'
            when
                least(length(contacts.first_key), length(providers.first_key)) >= 4
                and damerau_levenshtein(contacts.first_key, providers.first_key) = 1 then 'misspelt'
            else 'differs'
        end as first_name,
        case
            when providers.zip5 in (contacts.zip5, contacts.account_zip5) then 'zip'
            when contacts.state = providers.state and contacts.city_key = providers.city_key then 'city'
            when contacts.state = providers.state then 'state'
            when contacts.state is null or providers.state is null then 'missing'
            else 'differs'
        end as place,
        case
            when coalesce(len(contacts.specialty_stems), 0) = 0 or coalesce(len(providers.specialty_stems), 0) = 0 then 'missing'
            when list_has_any(contacts.specialty_stems, providers.specialty_beginnings) then 'same'
            else 'differs'
        end as specialty,
        case
            when contacts.facility_id is null or len(providers.facility_ids) = 0 then 'missing'
            when list_contains(providers.facility_ids, contacts.facility_id) then 'same'
            else 'differs'
        end as facility,
        coalesce(contacts.npi_given = providers.npi, false) as has_same_npi,
        coalesce(damerau_levenshtein(contacts.npi_given, providers.npi) = 1, false) as has_miskeyed_npi,
        providers.providers_registered,
        providers.same_last,
        providers.same_first,
        providers.same_zip,
        providers.same_city,
        providers.same_state,
        providers.same_specialty
    from pairs
    inner join contact_parts as contacts
        on pairs.contact_id = contacts.contact_id
    inner join provider_parts as providers
        on pairs.npi = providers.npi

)

select * from final
order by contact_id, npi
