with

register as (

    select * from {{ ref('int_link_register') }}

),

frequencies as (

    select * from {{ ref('int_link_frequencies') }}

),

places as (

    select * from {{ ref('int_link_places') }}

),

contacts as (

    select * from {{ ref('int_link_contacts') }}

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

nicknames as (

    select
        nickname,
        {{ sorted_set('formal_name') }} as formal_names
    from {{ ref('int_nicknames') }}
    group by nickname

),

numbers as (

    select * from {{ ref('int_link_telephones') }}

),

affiliations as (

    select
        npi,
        {{ sorted_set('facility_id') }} as facility_ids
    from {{ ref('int_provider_affiliations_dated') }}
    where valid_from <= {{ as_of() }} or valid_from is null
    group by npi

),

contact_keys as (

    select {{ one_row_each(arrays_joined('family_parts', array_of('last_key'))) }} as name_key from contacts

),

provider_keys as (

    select
        npi,
        {{ one_row_each('name_keys') }} as name_key
    from register

),

contact_zips as (

    select zip5 from contacts
    union
    select account_zip5 as zip5 from contacts

),

telephones as (

    select
        npi,
        {{ sorted_set('telephone') }} as telephones
    from numbers
    group by npi

),

-- Only who could be meant: by a name, a place, a telephone, an NPI or a steward's decision about some contact.
meant as (

    select provider_keys.npi
    from provider_keys
    semi join contact_keys
        on provider_keys.name_key = contact_keys.name_key

    union

    select places.npi
    from places
    semi join contact_zips
        on places.zip5 = contact_zips.zip5

    union

    select npi from numbers

    union

    select npi_given as npi from contacts

    union

    select npi from decisions

),

sites as (

    select
        places.npi,
        {{ sorted_set('places.zip5') }} as zips,
        {{ sorted_set("places.state || '|' || places.city_key") }} as cities,
        {{ sorted_set('places.state') }} as states
    from places
    semi join meant
        on places.npi = meant.npi
    group by places.npi

),

final as (

    select
        register.npi,
        register.given_names,
        register.further_names,
        register.first_key,
        register.last_key,
        register.other_last_key,
        register.name_keys,
        register.trade,
        register.specialty_stems,
        register.specialty_beginnings,
        array_sort({{ distinct_elements(arrays_joined(array_of('register.first_key'), 'nicknames.formal_names')) }}) as formal_names,
        sites.zips,
        sites.cities,
        sites.states,
        affiliations.facility_ids,
        telephones.telephones,
        coalesce(trades.providers, 1) as same_trade,
        coalesce(last_names.providers, 1) as same_last,
        coalesce(other_names.providers, 1) as same_other,
        coalesce(first_names.providers, 1) as same_first
    from register
    semi join meant
        on register.npi = meant.npi
    left join nicknames
        on register.first_key = nicknames.nickname
    left join sites
        on register.npi = sites.npi
    left join affiliations
        on register.npi = affiliations.npi
    left join telephones
        on register.npi = telephones.npi
    left join frequencies as trades
        on trades.field = 'trade' and register.trade = trades.value
    left join frequencies as last_names
        on last_names.field = 'last' and register.last_key = last_names.value
    left join frequencies as other_names
        on other_names.field = 'other' and register.other_last_key = other_names.value
    left join frequencies as first_names
        on first_names.field = 'first' and register.first_key = first_names.value

)

select * from final
