with

providers as (

    select
        npi,
        {{ normal_name('first_name') }} as first_name,
        {{ normal_name('last_name') }} as last_name,
        {{ normal_name('other_last_name') }} as other_last_name,
        {{ normal_name('specialty') }} as specialty_key
    from {{ ref('int_providers_registered') }}
    where is_individual

),

parts as (

    select
        npi,
        split(first_name, ' ') as given_names,
        split(last_name, ' ') as family_names,
        split(other_last_name, ' ') as other_family_names,
        replace(last_name, ' ', '') as last_key,
        replace(other_last_name, ' ', '') as other_last_key,
        split(first_name, ' ') as first_parts,
        {{ specialty_stems('specialty_key') }} as specialty_stems
    from providers

),

final as (

    select
        npi,
        given_names,
        {{ elements_where('given_names', 'length(each) > 1') }} as whole_given_names,
        {{ element('first_parts', 1) }} as first_key,
        family_names,
        last_key,
        other_last_key,
        array_sort({{ elements_where(
            distinct_elements(arrays_joined(array_of('last_key', 'other_last_key'), 'family_names', 'other_family_names')),
            'each not in ' ~ name_particles()
        ) }}) as name_keys,
        specialty_stems,
        -- `Derm`, `Neuro`: whoever keeps a CRM cuts words short.
        array_sort({{ distinct_elements(arrays_joined(
            'specialty_stems', elements_as('specialty_stems', 'left(each, 4)'), elements_as('specialty_stems', 'left(each, 3)')
        )) }}) as specialty_beginnings
    from parts

)

select * from final
order by npi
