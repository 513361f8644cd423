with

contacts as (

    select * from {{ ref('int_link_contacts') }}

),

providers as (

    select * from {{ ref('int_link_providers') }}

),

frequencies as (

    select * from {{ ref('int_link_frequencies') }}
    where field = 'name'

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

-- Who shares a family name shares an initial of the first one too, or a telephone.
contact_keys as (

    select
        contact_id,
        {{ one_row_each(distinct_elements(arrays_joined(array_of('last_key'), 'family_parts'))) }} as name_key,
        {{ arrays_joined(elements_as(arrays_joined('formal_names', 'given_names'), 'left(each, 1)'), array_of('telephone')) }} as marks,
        first_key is null as has_no_first_name,
        state
    from contacts
    where last_key is not null

),

provider_keys as (

    select
        npi,
        {{ one_row_each('name_keys') }} as name_key,
        {{ arrays_joined(
            elements_as(arrays_joined('formal_names', 'given_names', 'further_names'), 'left(each, 1)'), 'telephones'
        ) }} as marks,
        states
    from providers

),

contact_blocks as (

    select
        contact_id,
        name_key,
        {{ one_row_each(distinct_elements('marks')) }} as mark
    from contact_keys

),

provider_blocks as (

    select
        npi,
        name_key,
        {{ one_row_each(distinct_elements('marks')) }} as mark
    from provider_keys

),

by_name as (

    select
        contact_blocks.contact_id,
        provider_blocks.npi,
        frequencies.providers as bearers
    from contact_blocks
    inner join provider_blocks
        on contact_blocks.name_key = provider_blocks.name_key and contact_blocks.mark = provider_blocks.mark
    inner join frequencies
        on contact_blocks.name_key = frequencies.value

    union all

    -- A contact without a first name can only be somebody of its state.
    select
        contact_keys.contact_id,
        provider_keys.npi,
        frequencies.providers as bearers
    from contact_keys
    inner join provider_keys
        on contact_keys.name_key = provider_keys.name_key and array_contains(provider_keys.states, contact_keys.state)
    inner join frequencies
        on contact_keys.name_key = frequencies.value
    where contact_keys.has_no_first_name

),

contact_first_names as (

    select
        contact_id,
        last_key,
        {{ one_row_each('formal_names') }} as formal_name,
        {{ distinct_elements(array_of(
            'zip5', 'account_zip5', 'telephone', 'state || left(last_key, 2)', "state || '-' || right(last_key, 2)"
        )) }} as areas
    from contacts
    where length(last_key) >= 4

),

contact_areas as (

    select
        contact_id,
        last_key,
        formal_name,
        {{ one_row_each('areas') }} as area
    from contact_first_names

),

provider_first_names as (

    select
        npi,
        last_key,
        {{ one_row_each('formal_names') }} as formal_name,
        {{ arrays_joined(
            'zips', 'telephones', elements_as('states', 'each || left(last_key, 2)'), elements_as('states', "each || '-' || right(last_key, 2)")
        ) }} as areas
    from providers

),

provider_areas as (

    select
        npi,
        last_key,
        formal_name,
        {{ one_row_each('areas') }} as area
    from provider_first_names

),

-- Misspelt family names are looked for among people of that first name, in the same ZIP, at the same telephone or with the
-- same first or last letters in the same state.
by_area as (

    select
        contact_areas.contact_id,
        provider_areas.npi
    from contact_areas
    inner join provider_areas
        on contact_areas.area = provider_areas.area and contact_areas.formal_name = provider_areas.formal_name
    where {{ is_misspelt('contact_areas.last_key', 'provider_areas.last_key') }}

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
    union all
    select
        contact_id,
        npi,
        cast(null as bigint) as bearers
    from by_area
    union all
    select
        contacts.contact_id,
        providers.npi,
        cast(null as bigint) as bearers
    from contacts
    inner join providers
        on contacts.npi_given = providers.npi
    union all
    select
        decided.contact_id,
        providers.npi,
        cast(null as bigint) as bearers
    from decided
    inner join providers
        on decided.npi = providers.npi

),

-- Whom a steward named is the only candidate, whom a steward ruled out is none.
final as (

    select
        found.contact_id,
        found.npi,
        -- Of several shared keys the rarest tells most.
        min(found.bearers) as bearers
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
    group by found.contact_id, found.npi

)

select * from final
order by contact_id, npi
