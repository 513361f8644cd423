with

accounts as (

    select
        account_id,
        ccn,
        npi,
        {{ facility_name_key('name') }} as name_key,
        state,
        zip5
    from {{ ref('int_crm_accounts_united') }}

),

facilities as (

    select
        facility_id,
        {{ facility_name_key('name') }} as name_key,
        upper(state) as state,
        zip5
    from {{ ref('int_facilities_registered') }}

),

crosswalk as (

    select * from {{ ref('int_facility_npis') }}

),

candidates as (

    select * from {{ ref('int_account_candidates') }}

),

given as (

    select
        account_id,
        'ccn' as number_type,
        case when length(ccn) < 6 then lpad(ccn, 6, '0') else ccn end as facility_id,
        name_key,
        state,
        zip5
    from accounts
    where ccn is not null

    union all

    -- The hospital that bills under this NPI, where one is known; else the NPI itself is the facility.
    select
        accounts.account_id,
        'npi' as number_type,
        coalesce(crosswalk.facility_id, accounts.npi) as facility_id,
        accounts.name_key,
        accounts.state,
        accounts.zip5
    from accounts
    left join crosswalk
        on accounts.npi = crosswalk.npi
    where {{ has_npi_check_digit('accounts.npi') }}

),

elsewhere as (

    select
        account_id,
        max(facility_id) as facility_id
    from candidates
    where agreement in ('ccn_but_for_a_slip', 'name_and_zip', 'name_and_city', 'name_and_city_not_zip', 'like_name_and_zip')
    group by account_id

),

-- A number of another state, or of another place when the name is that of a facility at the account's own place, was
-- keyed wrong. A name alone contradicts nothing: hospitals are renamed, and accounts bear the names of systems.
final as (

    select
        given.account_id,
        given.number_type,
        given.facility_id,
        facilities.facility_id is not null as is_registered,
        case
            when facilities.facility_id is null then null
            when coalesce(jaro_winkler_similarity(given.name_key, facilities.name_key), 1) >= 0.9 then null
            when given.zip5 = facilities.zip5 then null
            when given.state <> facilities.state then given.number_type || '_contradicts_place'
            when elsewhere.facility_id <> given.facility_id and given.zip5 <> facilities.zip5
                then given.number_type || '_contradicts_name'
        end as cause
    from given
    left join facilities
        on given.facility_id = facilities.facility_id
    left join elsewhere
        on given.account_id = elsewhere.account_id

)

select * from final
order by account_id, number_type
