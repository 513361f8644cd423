with

register as (

    select * from {{ ref('int_link_register') }}

),

trade_words as (

    select * from {{ ref('int_link_trade_words') }}

),

places as (

    select * from {{ ref('int_link_places') }}

),

telephones as (

    select * from {{ ref('int_link_telephones') }}

),

affiliations as (

    select
        stays.npi,
        stays.facility_id
    from {{ ref('int_affiliation_intervals') }} as stays
    semi join register
        on stays.npi = register.npi
    where stays.valid_from <= {{ as_of() }} or stays.valid_from is null

),

nicknames as (

    select * from {{ ref('int_nicknames') }}

),

first_names as (

    select
        first_key,
        count(*) as providers
    from register
    where first_key is not null
    group by first_key

),

-- What a first name may stand for, itself among it.
formal_names as (

    select
        first_key,
        first_key as formal_name
    from first_names
    union
    select
        first_names.first_key,
        nicknames.formal_name
    from first_names
    inner join nicknames
        on first_names.first_key = nicknames.nickname

),

trades as (

    select
        trade,
        count(*) as providers
    from register
    where trade is not null
    group by trade

),

beginnings as (

    select
        trade,
        {{ one_row_each('specialty_beginnings') }} as beginning
    from trade_words

),

-- Names and trades are counted once and then looked at: they are few beside those who bear them.
names_and_trades as (

    select
        'first' as field,
        first_key as value,
        providers
    from first_names

    union all

    select
        'initial' as field,
        left(first_key, 1) as value,
        providers
    from first_names

    union all

    select
        'formal' as field,
        formal_names.formal_name as value,
        first_names.providers
    from first_names
    inner join formal_names
        on first_names.first_key = formal_names.first_key

    union all

    select
        'trade' as field,
        trade as value,
        providers
    from trades

    union all

    select
        'specialty' as field,
        beginnings.beginning as value,
        trades.providers
    from trades
    inner join beginnings
        on trades.trade = beginnings.trade

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
        cast(sum(providers) as bigint) as providers
    from names_and_trades
    group by field, value

    union all

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
