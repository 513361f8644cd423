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
        {{ normal_name('united.city') }} as city_key,
        united.state,
        united.zip5
    from called
    inner join united
        on called.account_id = united.account_id

),

facilities as (

    select
        facility_id,
        {{ facility_name_key('name') }} as name_key,
        {{ normal_name('city') }} as city_key,
        upper(state) as state,
        zip5
    from {{ ref('int_facilities_registered') }}

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

compared as (

    select
        near.account_id,
        near.facility_id,
        bool_or(accounts.name_key = facilities.name_key) as is_same_name,
        max(jaro_winkler_similarity(accounts.name_key, facilities.name_key)) as likeness,
        bool_or(coalesce(accounts.zip5 = facilities.zip5, false)) as is_same_zip,
        bool_or(coalesce(accounts.state = facilities.state and accounts.city_key = facilities.city_key, false)) as is_same_city
    from near
    inner join accounts
        on near.account_id = accounts.account_id
    inner join facilities
        on near.facility_id = facilities.facility_id
    group by near.account_id, near.facility_id

),

-- From the surest agreement to the weakest; what agrees in less is no candidate.
agreed as (

    select
        account_id,
        facility_id,
        likeness,
        case
            when is_same_name and is_same_zip then 'name_and_zip'
            when is_same_name and is_same_city then 'name_and_city'
            when likeness >= 0.92 and is_same_zip then 'like_name_and_zip'
            when is_same_name then 'name_and_state'
            when likeness >= 0.92 then 'like_name_and_city'
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
        {{ place_among('agreement', ['name_and_zip', 'name_and_city', 'like_name_and_zip', 'name_and_state', 'like_name_and_city',
            'vague_name_and_zip']) }} as place
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
