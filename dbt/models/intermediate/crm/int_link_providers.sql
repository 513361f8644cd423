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

trade_words as (

    select * from {{ ref('int_link_trade_words') }}

),

pairs as (

    select * from {{ ref('int_link_pairs') }}

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
        stays.npi,
        {{ sorted_set('stays.facility_id') }} as facility_ids
    from {{ ref('int_affiliation_intervals') }} as stays
    semi join pairs
        on stays.npi = pairs.npi
    where stays.valid_from <= {{ as_of() }} or stays.valid_from is null
    group by stays.npi

),

telephones as (

    select
        npi,
        {{ sorted_set('telephone') }} as telephones
    from numbers
    group by npi

),

sites as (

    select
        places.npi,
        {{ sorted_set('places.zip5') }} as zips,
        {{ sorted_set("places.state || '|' || places.city_key") }} as cities,
        {{ sorted_set('places.state') }} as states
    from places
    semi join pairs
        on places.npi = pairs.npi
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
        trade_words.specialty_stems,
        trade_words.specialty_beginnings,
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
    semi join pairs
        on register.npi = pairs.npi
    left join trade_words
        on register.trade = trade_words.trade
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
