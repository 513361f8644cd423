with

clustered as (

    select * from {{ ref('int_contacts_clustered') }}

),

traits as (

    select * from {{ ref('int_contact_traits') }}

),

-- What each further record of a person shares with any other record of it, the surest first.
shared as (

    select
        traits.contact_id,
        min({{ place_among('traits.trait', ['npi', 'email', 'phone', 'account', 'candidate', 'place']) }}) as place
    from traits
    inner join traits as others
        on
            traits.register = others.register
            and traits.trait = others.trait
            and traits.trait_value = others.trait_value
            and traits.contact_id <> others.contact_id
    inner join clustered
        on traits.contact_id = clustered.contact_id
    inner join clustered as others_clustered
        on others.contact_id = others_clustered.contact_id and clustered.cluster_id = others_clustered.cluster_id
    group by traits.contact_id

),

final as (

    select
        clustered.contact_id,
        clustered.cluster_id as original_id,
        clustered.records,
        {{ element(array_of("'npi'", "'email'", "'phone'", "'account'", "'candidate'", "'place'"), 'shared.place') }} as trait
    from clustered
    inner join shared
        on clustered.contact_id = shared.contact_id
    where clustered.contact_id <> clustered.cluster_id

)

select * from final
order by contact_id
