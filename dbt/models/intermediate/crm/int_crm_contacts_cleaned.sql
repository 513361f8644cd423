{%- set titles = "['dr', 'prof', 'mr', 'mrs', 'ms', 'md', 'do', 'phd', 'dpm', 'dmd', 'dds', 'np', 'pa', 'pac', 'rn', 'bsn',
    'mph', 'mba', 'facs', 'facc', 'jr', 'sr', 'ii', 'iii', 'iv']" -%}
with

contacts as (

    select * from {{ ref('int_crm_contacts_united') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

zips as (

    select * from {{ ref('stg_reference__zip_centroids') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

nicknames as (

    select
        nickname,
        list(formal_name order by formal_name) as formal_names
    from {{ ref('int_nicknames') }}
    group by nickname

),

visible as (

    select
        contacts.*,
        {{ local_date('contacts.created_at', 'settings.timezone') }} as known_on
    from contacts
    cross join settings

),

-- `Last, First` and whole names that stand in one field are taken apart.
split as (

    select
        *,
        case
            when first_name is not null then first_name
            when last_name like '%,%' then split_part(last_name, ',', 2)
            when last_name like '% %' then split_part(last_name, ' ', 1)
        end as given,
        case
            when first_name is not null then last_name
            when last_name like '%,%' then split_part(last_name, ',', 1)
            when last_name like '% %' then substr(last_name, strpos(last_name, ' ') + 1)
            else last_name
        end as family
    from visible
    where known_on <= {{ as_of() }} or known_on is null

),

tokens as (

    select
        *,
        string_split({{ normal_name('given') }}, ' ') as given_all,
        string_split({{ normal_name('family') }}, ' ') as family_all
    from split

),

-- Titles and suffixes are no names, unless nothing else is there.
named as (

    select
        *,
        list_filter(given_all, lambda token: not list_contains({{ titles }}, token)) as given_names,
        case
            when len(list_filter(family_all, lambda token: not list_contains({{ titles }}, token))) > 0
                then list_filter(family_all, lambda token: not list_contains({{ titles }}, token))
            else family_all
        end as family_names,
        list_filter(
            list_transform(string_split({{ normal_name('specialty') }}, ' '), lambda word: left(word, 5)),
            lambda stem: stem not in ('surge', 'surgi', 'physi', 'medic', 'speci', 'docto', 'disea', 'and', 'of')
        ) as specialty_stems
    from tokens

),

register as (

    select
        string_split({{ normal_name('first_name') }}, ' ')[1] as first_key,
        replace({{ normal_name('last_name') }}, ' ', '') as last_key
    from {{ ref('int_providers_registered') }}

),

first_names as (

    select
        first_key as name_key,
        count(*) as bearers
    from register
    where first_key is not null
    group by first_key

),

last_names as (

    select
        last_key as name_key,
        count(*) as bearers
    from register
    where last_key is not null
    group by last_key

),

-- A first name that only families of the register bear, before a last name that only serves as a first one: the two were
-- entered in each other's field.
turned as (

    select named.contact_id
    from named
    inner join last_names as given_as_last
        on named.given_names[1] = given_as_last.name_key
    inner join first_names as family_as_first
        on array_to_string(named.family_names, '') = family_as_first.name_key
    left join first_names as given_as_first
        on named.given_names[1] = given_as_first.name_key
    left join last_names as family_as_last
        on array_to_string(named.family_names, '') = family_as_last.name_key
    where
        given_as_last.bearers * family_as_first.bearers
        > 50 * (coalesce(given_as_first.bearers, 0) + 0.5) * (coalesce(family_as_last.bearers, 0) + 0.5)

),

righted as (

    select
        named.* exclude (given_names, family_names),
        case when turned.contact_id is null then named.given_names else named.family_names end as given_names,
        case when turned.contact_id is null then named.family_names else named.given_names end as family_names
    from named
    left join turned
        on named.contact_id = turned.contact_id

),

final as (

    select
        named.contact_id,
        named.register,
        named.account_id,
        accounts.facility_id,
        named.given_names[1] as first_key,
        named.given_names,
        list_sort(list_distinct(list_concat([named.given_names[1]], coalesce(nicknames.formal_names, [])))) as formal_names,
        array_to_string(named.family_names, '') as last_key,
        named.family_names,
        regexp_replace(named.npi, '\.0$', '') as npi_given,
        named.specialty_stems,
        named.specialty is not null as has_specialty,
        coalesce(regexp_matches(
            lower(named.title),
            'value analysis|procure|purchas|buyer|supply|material|sourcing|contract|admin|financ|manager|coordinator|controller'
        ), false) as has_office_title,
        coalesce(own_zip.state, named.state, account_zip.state, accounts.state) as state,
        coalesce(named.zip5, accounts.zip5) as zip5,
        accounts.zip5 as account_zip5,
        {{ normal_name('coalesce(named.city, accounts.city)') }} as city_key,
        named.phone,
        named.email,
        case when named.role in ('user', 'buyer', 'administrator') then named.role end as role,
        named.do_not_call,
        named.is_rep_target,
        named.known_on
    from righted as named
    left join nicknames
        on named.given_names[1] = nicknames.nickname
    left join accounts
        on named.account_id = accounts.account_id
    left join zips as own_zip
        on named.zip5 = own_zip.zip5
    left join zips as account_zip
        on accounts.zip5 = account_zip.zip5

)

select * from final
order by contact_id
