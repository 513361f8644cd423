with

providers as (

    select
        npi,
        first_name,
        last_name,
        other_last_name,
        specialty
    from {{ ref('int_providers_registered') }}
    where is_individual

),

registry as (

    {{ copies_known(ref('stg_registry__nppes')) }}

),

practices as (

    {{ copies_known(ref('stg_registry__doctors_clinicians')) }}

),

middle_names_told as (

    select
        npi,
        middle_name
    from registry
    where entity_type_code = '1' and middle_name is not null

    union

    select
        npi,
        middle_name
    from practices
    where middle_name is not null

),

-- Each name and each specialty is read once, however many bear it.
middle_words as (

    select
        middle_name,
        {{ one_row_each("split(" ~ normal_name('middle_name') ~ ", ' ')") }} as word
    from (select distinct middle_name from middle_names_told) as different_names

),

middle_names as (

    select
        middle_names_told.npi,
        {{ sorted_set('middle_words.word') }} as middle_names
    from middle_names_told
    inner join middle_words
        on middle_names_told.middle_name = middle_words.middle_name
    group by middle_names_told.npi

),

given as (

    select
        first_name,
        split({{ normal_name('first_name') }}, ' ') as given_names
    from (select distinct first_name from providers) as different_names

),

first_names as (

    select
        first_name,
        given_names,
        {{ element('given_names', 1) }} as first_key
    from given

),

family as (

    select
        last_name,
        other_last_name,
        {{ normal_name('last_name') }} as last_words,
        {{ normal_name('other_last_name') }} as other_last_words
    from providers
    group by last_name, other_last_name

),

last_names as (

    select
        last_name,
        other_last_name,
        split(last_words, ' ') as family_names,
        split(other_last_words, ' ') as other_family_names,
        replace(last_words, ' ', '') as last_key,
        replace(other_last_words, ' ', '') as other_last_key
    from family

),

-- `Le` is a family too, where it is the whole name.
families as (

    select
        last_name,
        other_last_name,
        last_key,
        other_last_key,
        array_sort({{ distinct_elements(arrays_joined(
            array_of('last_key', 'other_last_key'),
            elements_where(arrays_joined('family_names', 'other_family_names'), 'each not in ' ~ name_particles())
        )) }}) as name_keys
    from last_names

),

trades as (

    select
        specialty,
        {{ normal_name('specialty') }} as trade
    from (select distinct specialty from providers) as different_specialties

),

final as (

    select
        providers.npi,
        first_names.given_names,
        first_names.first_key,
        -- Given names but the first: some people go by one of these.
        array_sort({{ distinct_elements(arrays_joined(
            elements_where('first_names.given_names', 'each <> first_names.first_key'), 'middle_names.middle_names'
        )) }}) as further_names,
        families.last_key,
        families.other_last_key,
        families.name_keys,
        trades.trade
    from providers
    left join first_names
        on providers.first_name = first_names.first_name
    left join families
        on
            providers.last_name is not distinct from families.last_name
            and providers.other_last_name is not distinct from families.other_last_name
    left join trades
        on providers.specialty = trades.specialty
    left join middle_names
        on providers.npi = middle_names.npi

)

select * from final
