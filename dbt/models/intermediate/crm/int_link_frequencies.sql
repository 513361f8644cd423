with

register as (

    select * from {{ ref('int_link_register') }}

),

places as (

    select * from {{ ref('int_link_places') }}

),

telephones as (

    select * from {{ ref('int_link_telephones') }}

),

affiliations as (

    select * from {{ ref('int_provider_affiliations_dated') }}
    where valid_from <= {{ as_of() }} or valid_from is null

),

nicknames as (

    select * from {{ ref('int_nicknames') }}

),

formal_names as (

    select
        npi,
        first_key as value
    from register
    union
    select
        register.npi,
        nicknames.formal_name as value
    from register
    inner join nicknames
        on register.first_key = nicknames.nickname

),

values_borne as (

    select
        'all' as field,
        'all' as value,
        npi
    from register

    union all

    select
        'last' as field,
        last_key as value,
        npi
    from register

    union all

    select
        'other' as field,
        other_last_key as value,
        npi
    from register

    union all

    select
        'first' as field,
        first_key as value,
        npi
    from register

    union all

    select
        'initial' as field,
        left(first_key, 1) as value,
        npi
    from register

    union all

    select
        'further' as field,
        {{ one_row_each('further_names') }} as value,
        npi
    from register

    union all

    select
        'further initial' as field,
        {{ one_row_each(distinct_elements(elements_as('further_names', 'left(each, 1)'))) }} as value,
        npi
    from register

    union all

    select
        'name' as field,
        {{ one_row_each('name_keys') }} as value,
        npi
    from register

    union all

    select
        'specialty' as field,
        {{ one_row_each('specialty_beginnings') }} as value,
        npi
    from register

    union all

    select
        'trade' as field,
        trade as value,
        npi
    from register

    union all

    select
        'formal' as field,
        value,
        npi
    from formal_names

    union all

    select distinct
        'zip' as field,
        zip5 as value,
        npi
    from places

    union all

    select distinct
        'city' as field,
        state || '|' || city_key as value,
        npi
    from places

    union all

    select distinct
        'state' as field,
        state as value,
        npi
    from places

    union all

    select
        'telephone' as field,
        telephone as value,
        npi
    from telephones

    union all

    select distinct
        'facility' as field,
        facility_id as value,
        npi
    from affiliations

),

final as (

    select
        field,
        value,
        count(*) as providers
    from values_borne
    where value is not null
    group by field, value

)

select * from final
order by field, value
