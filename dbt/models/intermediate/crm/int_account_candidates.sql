with

accounts as (

    select
        account_id,
        {{ facility_name_key('name') }} as name_key,
        {{ normal_name('city') }} as city_key,
        state,
        zip5
    from {{ ref('int_crm_accounts_united') }}

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
        accounts.name_key = facilities.name_key as is_same_name,
        jaro_winkler_similarity(accounts.name_key, facilities.name_key) as likeness,
        coalesce(accounts.zip5 = facilities.zip5, false) as is_same_zip,
        coalesce(accounts.state = facilities.state and accounts.city_key = facilities.city_key, false) as is_same_city
    from near
    inner join accounts
        on near.account_id = accounts.account_id
    inner join facilities
        on near.facility_id = facilities.facility_id

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
