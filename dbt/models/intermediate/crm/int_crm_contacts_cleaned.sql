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
    from named
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
