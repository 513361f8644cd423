with

contacts as (

    select * from {{ ref('int_link_contacts') }}

),

-- Whose own NPI bears the very name is nobody else.
unsettled as (

    select contacts.*
    from contacts
    anti join {{ ref('int_link_settled') }} as settled
        on contacts.contact_id = settled.contact_id

),

register as (

    select * from {{ ref('int_link_register') }}

),

places as (

    select * from {{ ref('int_link_places') }}

),

telephones as (

    select * from {{ ref('int_link_telephones') }}

),

familiar as (

    select * from {{ ref('int_nicknames') }}

),

frequencies as (

    select * from {{ ref('int_link_frequencies') }}
    where field = 'name'

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

-- What a registered first name may stand for.
nicknames as (

    select
        nickname,
        {{ sorted_set('formal_name') }} as formal_names
    from familiar
    group by nickname

),

-- Who shares a family name shares an initial of the first one too, or a telephone.
contact_keys as (

    select
        contact_id,
        {{ one_row_each(distinct_elements(arrays_joined(array_of('last_key'), 'family_parts'))) }} as name_key,
        {{ arrays_joined(elements_as(arrays_joined('formal_names', 'given_names'), 'left(each, 1)'), array_of('telephone')) }} as marks,
        first_key is null as has_no_first_name,
        state
    from unsettled
    where last_key is not null

),

register_keys as (

    select
        npi,
        first_key,
        given_names,
        further_names,
        {{ one_row_each('name_keys') }} as name_key
    from register

),

-- Only of whom some contact shares a family name the other names are looked at.
provider_keys as (

    select register_keys.*
    from register_keys
    semi join contact_keys
        on register_keys.name_key = contact_keys.name_key

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
        provider_keys.npi,
        provider_keys.name_key,
        {{ one_row_each(distinct_elements(elements_as(
            arrays_joined(
                array_of('provider_keys.first_key'), 'nicknames.formal_names', 'provider_keys.given_names', 'provider_keys.further_names'
            ), 'left(each, 1)'
        ))) }} as mark
    from provider_keys
    left join nicknames
        on provider_keys.first_key = nicknames.nickname

    union all

    select
        provider_keys.npi,
        provider_keys.name_key,
        telephones.telephone as mark
    from provider_keys
    inner join telephones
        on provider_keys.npi = telephones.npi

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
        on contact_keys.name_key = provider_keys.name_key
    inner join places
        on provider_keys.npi = places.npi and contact_keys.state = places.state
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
    from unsettled
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

formal_names as (

    select
        first_key,
        first_key as formal_name
    from (select distinct first_key from register) as different_names
    union
    select
        nickname as first_key,
        formal_name
    from familiar

),

provider_names as (

    select
        register.npi,
        register.last_key,
        formal_names.formal_name
    from register
    inner join formal_names
        on register.first_key = formal_names.first_key

),

provider_areas as (

    select
        provider_names.npi,
        provider_names.last_key,
        provider_names.formal_name,
        {{ one_row_each(array_of(
            'places.zip5',
            'places.state || left(provider_names.last_key, 2)',
            "places.state || '-' || right(provider_names.last_key, 2)"
        )) }} as area
    from provider_names
    inner join places
        on provider_names.npi = places.npi

    union all

    select
        provider_names.npi,
        provider_names.last_key,
        provider_names.formal_name,
        telephones.telephone as area
    from provider_names
    inner join telephones
        on provider_names.npi = telephones.npi

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
        register.npi,
        cast(null as bigint) as bearers
    from contacts
    inner join register
        on contacts.npi_given = register.npi
    union all
    select
        decided.contact_id,
        register.npi,
        cast(null as bigint) as bearers
    from decided
    inner join register
        on decided.npi = register.npi

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
