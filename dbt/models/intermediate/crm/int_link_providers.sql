with

providers as (

    select * from {{ ref('int_providers_registered') }}

),

contacts as (

    select * from {{ ref('int_crm_contacts_cleaned') }}

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

nicknames as (

    select
        nickname,
        list(formal_name order by formal_name) as formal_names
    from {{ ref('int_nicknames') }}
    group by nickname

),

affiliations as (

    select
        npi,
        list(distinct facility_id order by facility_id) as facility_ids
    from {{ ref('int_provider_affiliations_dated') }}
    where valid_from <= {{ as_of() }} or valid_from is null
    group by npi

),

keyed as (

    select
        npi,
        string_split({{ normal_name('first_name') }}, ' ') as given_names,
        string_split({{ normal_name('last_name') }}, ' ') as family_names,
        string_split({{ normal_name('other_last_name') }}, ' ') as other_family_names,
        {{ normal_name('specialty') }} as specialty_key,
        list_filter(
            list_transform(string_split({{ normal_name('specialty') }}, ' '), lambda word: left(word, 5)),
            lambda stem: stem not in ('surge', 'surgi', 'physi', 'medic', 'speci', 'docto', 'disea', 'and', 'of')
        ) as specialty_stems,
        {{ normal_name('city') }} as city_key,
        upper(state) as state,
        zip5
    from providers
    where is_individual

),

-- How rare each part of an identity is among all registered providers.
counted as (

    select
        *,
        array_to_string(family_names, '') as last_key,
        array_to_string(other_family_names, '') as other_last_key,
        given_names[1] as first_key,
        count(*) over () as providers_registered,
        count(*) over (partition by array_to_string(family_names, '')) as same_last,
        count(*) over (partition by given_names[1]) as same_first,
        count(*) over (partition by zip5) as same_zip,
        count(*) over (partition by state, city_key) as same_city,
        count(*) over (partition by state) as same_state,
        count(*) over (partition by specialty_key) as same_specialty
    from keyed

),

contact_keys as (

    select distinct unnest(list_concat(family_names, [last_key])) as name_key from contacts

),

provider_keys as (

    select
        npi,
        unnest(list_concat([last_key, other_last_key], family_names, coalesce(other_family_names, []))) as name_key
    from counted

),

-- Only who could be meant: by a name, a place, an NPI or a steward's decision about some contact.
meant as (

    select provider_keys.npi
    from provider_keys
    inner join contact_keys
        on provider_keys.name_key = contact_keys.name_key

    union

    select counted.npi
    from counted
    inner join contacts
        on counted.zip5 = contacts.zip5

    union

    select counted.npi
    from counted
    inner join contacts
        on counted.zip5 = contacts.account_zip5

    union

    select counted.npi
    from counted
    inner join contacts
        on counted.npi = contacts.npi_given

    union

    select counted.npi
    from counted
    inner join decisions
        on counted.npi = decisions.npi

),

final as (

    select
        counted.*,
        list_distinct(list_concat([counted.first_key], coalesce(nicknames.formal_names, []))) as formal_names,
        coalesce(affiliations.facility_ids, []) as facility_ids
    from counted
    inner join meant
        on counted.npi = meant.npi
    left join nicknames
        on counted.first_key = nicknames.nickname
    left join affiliations
        on counted.npi = affiliations.npi

)

select * from final
order by npi
