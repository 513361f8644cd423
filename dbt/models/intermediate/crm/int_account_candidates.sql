with

united as (

    select * from {{ ref('int_crm_accounts_united') }}

),

parts as (

    select
        account_id,
        {{ one_row_each("split(" ~ replaced_everywhere('name', ' [-–—|/] |[()]', ';') ~ ", ';')") }} as name
    from united

),

-- "System - Hospital" and "Hospital (System)" are names of the hospital: an account is called by its name and by each part of it.
called as (

    select
        account_id,
        {{ facility_name_key('name') }} as name_key
    from united

    union

    select
        account_id,
        {{ facility_name_key('name') }} as name_key
    from parts
    where trim(name) like '% %'

),

accounts as (

    select
        called.account_id,
        called.name_key,
        split(called.name_key, ' ') as words,
        {{ normal_name('united.city') }} as city_key,
        united.state,
        united.zip5,
        case when length(united.ccn) < 6 then lpad(united.ccn, 6, '0') else united.ccn end as ccn
    from called
    inner join united
        on called.account_id = united.account_id

),

facilities as (

    select
        facility_id,
        {{ facility_name_key('name') }} as name_key,
        split({{ facility_name_key('name') }}, ' ') as words,
        {{ normal_name('city') }} as city_key,
        upper(state) as state,
        zip5
    from {{ ref('int_facilities_registered') }}

),

-- A CCN that no register knows may be a registered one, keyed wrong.
unregistered as (

    select distinct accounts.account_id
    from accounts
    anti join facilities
        on accounts.ccn = facilities.facility_id
    where accounts.ccn is not null

),

near as (

    select
        accounts.account_id,
        facilities.facility_id
    from accounts
    inner join facilities
        on accounts.zip5 = facilities.zip5

    union

    select
        accounts.account_id,
        facilities.facility_id
    from accounts
    inner join facilities
        on accounts.state = facilities.state and accounts.city_key = facilities.city_key

    union

    select
        accounts.account_id,
        facilities.facility_id
    from accounts
    inner join facilities
        on accounts.state = facilities.state and accounts.name_key = facilities.name_key

),

paired as (

    select
        near.account_id,
        near.facility_id,
        accounts.name_key = facilities.name_key as is_same_name,
        jaro_winkler_similarity(accounts.name_key, facilities.name_key) as likeness,
        {{ elements_as_text(elements_where('accounts.words', 'not array_contains(facilities.words, each)'), ' ') }} as own_words,
        {{ elements_as_text(elements_where('facilities.words', 'not array_contains(accounts.words, each)'), ' ') }} as its_words,
        coalesce(accounts.zip5 = facilities.zip5, false) as is_same_zip,
        accounts.zip5 <> facilities.zip5 as is_other_zip,
        coalesce(accounts.state = facilities.state and accounts.city_key = facilities.city_key, false) as is_same_city,
        coalesce(
            unregistered.account_id is not null and damerau_levenshtein(accounts.ccn, facilities.facility_id) = 1, false
        ) as is_ccn_alike
    from near
    inner join accounts
        on near.account_id = accounts.account_id
    inner join facilities
        on near.facility_id = facilities.facility_id
    left join unregistered
        on near.account_id = unregistered.account_id

),

-- A word against another word is another place, however long the rest that they share: a medical group is no medical center.
worded as (

    select
        *,
        case
            when own_words = '' or its_words = '' or jaro_winkler_similarity(own_words, its_words) >= 0.85 then likeness
        end as likeness_of_words
    from paired

),

compared as (

    select
        account_id,
        facility_id,
        bool_or(is_same_name) as is_same_name,
        max(likeness) as likeness,
        max(likeness_of_words) as likeness_of_words,
        bool_or(is_same_zip) as is_same_zip,
        bool_or(is_other_zip) as is_other_zip,
        bool_or(is_same_city) as is_same_city,
        bool_or(is_ccn_alike) as is_ccn_alike
    from worded
    group by account_id, facility_id

),

-- From the surest agreement to the weakest; what agrees in less is no candidate.
agreed as (

    select
        account_id,
        facility_id,
        likeness,
        case
            when is_ccn_alike and (is_same_zip or likeness >= 0.85) then 'ccn_but_for_a_slip'
            when is_same_name and is_same_zip then 'name_and_zip'
            when is_same_name and is_same_city and is_other_zip then 'name_and_city_not_zip'
            when is_same_name and is_same_city then 'name_and_city'
            when likeness_of_words >= 0.92 and is_same_zip then 'like_name_and_zip'
            when is_same_name then 'name_and_state'
            when likeness_of_words >= 0.92 then 'like_name_and_city'
            when likeness >= 0.85 and is_same_zip then 'vague_name_and_zip'
        end as agreement
    from compared

),

placed as (

    select
        account_id,
        facility_id,
        agreement,
        likeness,
        {{ place_among('agreement', ['ccn_but_for_a_slip', 'name_and_zip', 'name_and_city', 'name_and_city_not_zip', 'like_name_and_zip',
            'name_and_state', 'like_name_and_city', 'vague_name_and_zip']) }} as place
    from agreed
    where agreement is not null

),

ranked as (

    select
        *,
        rank() over (partition by account_id order by place asc) as preference,
        count(*) over (partition by account_id, agreement) as rivals
    from placed

),

final as (

    select
        account_id,
        facility_id,
        agreement,
        likeness,
        rivals
    from ranked
    where preference = 1

)

select * from final
order by account_id, facility_id
