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

tokens as (

    select
        *,
        split({{ normal_name('first_name') }}, ' ') as first_words,
        split({{ normal_name('last_name') }}, ' ') as last_words,
        split({{ normal_name("split_part(last_name, ',', 1)") }}, ' ') as words_before_comma,
        split({{ normal_name("split_part(last_name, ',', 2)") }}, ' ') as words_after_comma,
        {{ normal_name('coalesce(specialty, title)') }} as specialty_key
    from contacts
    where known_on <= {{ as_of() }} or known_on is null

),

-- Titles and suffixes are no names, unless nothing else is there.
untitled as (

    select
        {{ star_without('first_words', 'last_words', 'words_before_comma', 'words_after_comma') }},
        {%- for words in ['first_words', 'last_words', 'words_before_comma', 'words_after_comma'] %}
            nullif({{ elements_as_text(elements_where(words, 'each not in ' ~ name_titles()), ' ') }}, '') as {{ words }},
        {%- endfor %}
        {{ elements_as_text('last_words', ' ') }} as last_words_all,
        {{ specialty_stems('specialty_key') }} as specialty_stems
    from tokens

),

-- `Last, First` and whole names that stand in one field are taken apart; a letter after the first name is one more of these.
split_names as (

    select
        *,
        case
            when first_words is not null then first_words
            when words_after_comma is not null then words_after_comma
            when {{ matches('last_words', '^[^ ]+ [^od ] ') }} then substr(last_words, 1, instr(last_words, ' ') + 1)
            when last_words like '% %' then substr(last_words, 1, instr(last_words, ' ') - 1)
        end as given,
        case
            when first_words is not null then coalesce(last_words, last_words_all)
            when words_after_comma is not null then coalesce(words_before_comma, last_words)
            when {{ matches('last_words', '^[^ ]+ [^od ] ') }} then substr(last_words, instr(last_words, ' ') + 3)
            when last_words like '% %' then substr(last_words, instr(last_words, ' ') + 1)
            else coalesce(last_words, last_words_all)
        end as family
    from untitled

),

named as (

    select
        *,
        split(given, ' ') as given_names,
        split(family, ' ') as family_names
    from split_names

),

keyed as (

    select
        contact_id,
        given_names,
        family_names,
        {{ element('given_names', 1) }} as given_key,
        {{ elements_as_text('family_names', '') }} as family_key,
        {{ elements_as_text(elements_where('given_names', 'length(each) > 1'), '') }} as given_as_family_key,
        {{ element('family_names', 1) }} as family_as_given_key
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
-- entered in each other's field. Less is enough where somebody bears the whole name so turned and nobody as it is entered.
turned as (

    select keyed.contact_id
    from keyed
    left join last_names as given_as_last
        on keyed.given_as_family_key = given_as_last.name_key
    inner join first_names as family_as_first
        on keyed.family_as_given_key = family_as_first.name_key
    left join first_names as given_as_first
        on keyed.given_key = given_as_first.name_key
    left join last_names as family_as_last
        on keyed.family_key = family_as_last.name_key
    left join register as turned_name
        on keyed.family_as_given_key = turned_name.first_key and keyed.given_as_family_key = turned_name.last_key
    left join register as entered_name
        on keyed.given_key = entered_name.first_key and keyed.family_key = entered_name.last_key
    where
        (coalesce(given_as_last.bearers, 0) + 0.5) * family_as_first.bearers
        > case when turned_name.first_key is not null and entered_name.first_key is null then 5 else 50 end
        * (coalesce(given_as_first.bearers, 0) + 0.5) * (coalesce(family_as_last.bearers, 0) + 0.5)

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
        named.specialty_key as trade,
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
