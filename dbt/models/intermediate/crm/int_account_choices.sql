with

accounts as (

    select
        account_id,
        register,
        parent_account_id
    from {{ ref('int_crm_accounts_united') }}

),

candidates as (

    select * from {{ ref('int_account_candidates') }}

),

agreements as (

    select * from {{ ref('int_account_agreements') }}

),

holders as (

    select * from {{ ref('int_account_holders') }}

),

facilities as (

    select
        facility_id,
        upper(state) as state
    from {{ ref('int_facilities_registered') }}

),

held as (

    select
        register,
        facility_id,
        count(*) as records
    from holders
    group by register, facility_id

),

covered as (

    select distinct
        held.register,
        facilities.state
    from held
    inner join facilities
        on held.facility_id = facilities.facility_id

),

registered as (

    select
        covered.register,
        count(*) as facilities
    from covered
    inner join facilities
        on covered.state = facilities.state
    group by covered.register

),

-- How often a facility of the states where a CRM has accounts is held by one, and how often a record has a second beside it: an
-- expectation worth twenty cases (one in two, one in ten), then what the CRM shows.
habits as (

    select
        held.register,
        (10 + cast(count(*) as double)) / (20 + greatest(max(registered.facilities), count(*))) as share_held,
        (2 + cast(sum(case when held.records > 1 then held.records else 0 end) as double)) / (20 + sum(held.records)) as share_repeated
    from held
    inner join registered
        on held.register = registered.register
    group by held.register

),

-- The account itself, the one above it and those below it are no other's claim on its facility.
relatives as (

    select
        account_id,
        account_id as relative_id
    from accounts

    union

    select
        account_id,
        parent_account_id as relative_id
    from accounts
    where parent_account_id is not null

    union

    select
        parent_account_id as account_id,
        account_id as relative_id
    from accounts
    where parent_account_id is not null

),

own as (

    select
        relatives.account_id,
        holders.facility_id,
        count(*) as records
    from relatives
    inner join holders
        on relatives.relative_id = holders.account_id
    group by relatives.account_id, holders.facility_id

),

-- Likelihood of what is held if the account is this facility, against it being none of those that agree.
weighed as (

    select
        candidates.account_id,
        candidates.facility_id,
        candidates.likeness,
        candidates.rivals,
        agreements.link_probability,
        case
            when habits.register is null then 1
            when held.records > coalesce(own.records, 0) then habits.share_repeated / habits.share_held
            else (1 - habits.share_repeated) / (1 - habits.share_held)
        end as weight
    from candidates
    inner join agreements
        on candidates.agreement = agreements.agreement
    inner join accounts
        on candidates.account_id = accounts.account_id
    left join habits
        on accounts.register = habits.register
    left join held
        on accounts.register = held.register and candidates.facility_id = held.facility_id
    left join own
        on candidates.account_id = own.account_id and candidates.facility_id = own.facility_id

),

-- That a facility is nobody's yet is a reason to prefer it to its namesake, and none to believe a lone one the more.
shared as (

    select
        account_id,
        facility_id,
        rivals,
        link_probability * weight / (
            sum(link_probability * weight) over (partition by account_id)
            + (1 - link_probability) * greatest(1, max(weight) over (partition by account_id))
        ) as link_probability,
        row_number() over (partition by account_id order by weight desc nulls last, likeness desc nulls last, facility_id asc) as preference
    from weighed

),

final as (

    select
        account_id,
        facility_id,
        rivals,
        round(link_probability, 6) as link_probability
    from shared
    where preference = 1

)

select * from final
order by account_id
