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

familiar as (

    select * from {{ ref('int_nicknames') }}

),

nicknames as (

    select
        nickname,
        {{ sorted_set('formal_name') }} as formal_names
    from familiar
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
split_names as (

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
            when last_name like '% %' then substr(last_name, instr(last_name, ' ') + 1)
            else last_name
        end as family
    from visible
    where known_on <= {{ as_of() }} or known_on is null

),

tokens as (

    select
        *,
        split({{ normal_name('given') }}, ' ') as given_all,
        split({{ normal_name('family') }}, ' ') as family_all,
        {{ normal_name('specialty') }} as specialty_key
    from split_names

),

-- Titles and suffixes are no names, unless nothing else is there.
untitled as (

    select
        *,
        {{ elements_where('given_all', 'each not in ' ~ name_titles()) }} as given_names,
        {{ elements_where('family_all', 'each not in ' ~ name_titles()) }} as family_without_titles,
        {{ specialty_stems('specialty_key') }} as specialty_stems
    from tokens

),

named as (

    select
        *,
        case when {{ array_length('family_without_titles') }} > 0 then family_without_titles else family_all end as family_names
    from untitled

),

keyed as (

    select
        *,
        {{ element('given_names', 1) }} as given_key,
        {{ elements_as_text('family_names', '') }} as family_key
    from named

),

register as (

    select
        first_key,
        last_key
    from {{ ref('int_link_register') }}

),

-- Whoever is Deborah may be entered as Debbie.
first_names_borne as (

    select first_key as name_key from register
    where first_key is not null

    union all

    select familiar.nickname as name_key
    from register
    inner join familiar
        on register.first_key = familiar.formal_name

),

first_names as (

    select
        name_key,
        count(*) as bearers
    from first_names_borne
    group by name_key

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

    select keyed.contact_id
    from keyed
    inner join last_names as given_as_last
        on keyed.given_key = given_as_last.name_key
    inner join first_names as family_as_first
        on keyed.family_key = family_as_first.name_key
    left join first_names as given_as_first
        on keyed.given_key = given_as_first.name_key
    left join last_names as family_as_last
        on keyed.family_key = family_as_last.name_key
    where
        given_as_last.bearers * family_as_first.bearers
        > 50 * (coalesce(given_as_first.bearers, 0) + 0.5) * (coalesce(family_as_last.bearers, 0) + 0.5)

    union

    -- A single letter is the initial of a first name.
    select contact_id from keyed
    where length(family_key) = 1 and length(given_key) > 1

),

righted as (

    select
        keyed.contact_id,
        case when turned.contact_id is null then keyed.given_names else keyed.family_names end as given_names,
        case when turned.contact_id is null then keyed.family_names else keyed.given_names end as family_names
    from keyed
    left join turned
        on keyed.contact_id = turned.contact_id

),

names as (

    select
        contact_id,
        given_names,
        family_names,
        {{ element('given_names', 1) }} as first_key,
        {{ elements_as_text('family_names', '') }} as last_key
    from righted

),

final as (

    select
        named.contact_id,
        named.register,
        named.account_id,
        accounts.facility_id,
        names.first_key,
        names.given_names,
        array_sort({{ distinct_elements(arrays_joined(array_of('names.first_key'), 'nicknames.formal_names')) }}) as formal_names,
        names.last_key,
        names.family_names,
        case when {{ ends_in('named.npi', "'.0'") }} then substr(named.npi, 1, length(named.npi) - 2) else named.npi end as npi_given,
        named.specialty_stems,
        named.specialty is not null as has_specialty,
        coalesce({{ matches(
            'lower(named.title)',
            'value analysis|procure|purchas|buyer|supply|material|sourcing|contract|admin|financ|manager|coordinator|controller'
        ) }}, false) as has_office_title,
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
    inner join names
        on named.contact_id = names.contact_id
    left join nicknames
        on names.first_key = nicknames.nickname
    left join accounts
        on named.account_id = accounts.account_id
    left join zips as own_zip
        on named.zip5 = own_zip.zip5
    left join zips as account_zip
        on accounts.zip5 = account_zip.zip5

)

select * from final
order by contact_id
