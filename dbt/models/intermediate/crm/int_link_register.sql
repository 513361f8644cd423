with

providers as (

    select
        npi,
        {{ normal_name('first_name') }} as first_name,
        {{ normal_name('last_name') }} as last_name,
        {{ normal_name('other_last_name') }} as other_last_name,
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

specialties as (

    select
        specialty,
        {{ normal_name('specialty') }} as trade
    from (select distinct specialty from {{ ref('int_providers_registered') }}) as different_specialties

),

trades as (

    select
        specialty,
        trade,
        {{ specialty_stems('trade') }} as specialty_stems
    from specialties

),

-- `Derm`, `Neuro`: whoever keeps a CRM cuts words short.
beginnings as (

    select
        specialty,
        trade,
        specialty_stems,
        array_sort({{ distinct_elements(arrays_joined(
            'specialty_stems', elements_as('specialty_stems', 'left(each, 4)'), elements_as('specialty_stems', 'left(each, 3)')
        )) }}) as specialty_beginnings
    from trades

),

parts as (

    select
        npi,
        split(first_name, ' ') as given_names,
        split(last_name, ' ') as family_names,
        split(other_last_name, ' ') as other_family_names,
        replace(last_name, ' ', '') as last_key,
        replace(other_last_name, ' ', '') as other_last_key,
        {{ element("split(first_name, ' ')", 1) }} as first_key,
        specialty
    from providers

),

final as (

    select
        parts.npi,
        parts.given_names,
        parts.first_key,
        -- Given names but the first: some people go by one of these.
        array_sort({{ distinct_elements(arrays_joined(
            elements_where('parts.given_names', 'each <> parts.first_key'), 'middle_names.middle_names'
        )) }}) as further_names,
        parts.family_names,
        parts.last_key,
        parts.other_last_key,
        -- `Le` is a family too, where it is the whole name.
        array_sort({{ distinct_elements(arrays_joined(
            array_of('parts.last_key', 'parts.other_last_key'),
            elements_where(arrays_joined('parts.family_names', 'parts.other_family_names'), 'each not in ' ~ name_particles())
        )) }}) as name_keys,
        beginnings.trade,
        beginnings.specialty_stems,
        beginnings.specialty_beginnings
    from parts
    left join middle_names
        on parts.npi = middle_names.npi
    left join beginnings
        on parts.specialty = beginnings.specialty

)

select * from final
