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

habits as (

    select * from {{ ref('int_account_habits') }}

),

held as (

    select
        register,
        facility_id,
        count(*) as records
    from holders
    group by register, facility_id

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
        accounts.register,
        accounts.parent_account_id,
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
        register,
        parent_account_id,
        rivals,
        link_probability * weight / (
            sum(link_probability * weight) over (partition by account_id)
            + (1 - link_probability) * greatest(1, max(weight) over (partition by account_id))
        ) as link_probability,
        row_number() over (partition by account_id order by weight desc nulls last, likeness desc nulls last, facility_id asc) as preference
    from weighed

),

-- The last free one of several namesakes is one account's: where more would be it, each has its part. Departments are their hospital.
claims as (

    select * from shared
    where preference = 1 and rivals > 1 and link_probability >= 0.5

),

claimed as (

    select
        claims.register,
        claims.facility_id,
        count(*) as accounts
    from claims
    anti join claims as above
        on claims.parent_account_id = above.account_id and claims.facility_id = above.facility_id
    group by claims.register, claims.facility_id

),

final as (

    select
        shared.account_id,
        shared.facility_id,
        shared.rivals,
        round(
            shared.link_probability
            / case when shared.rivals > 1 and shared.link_probability >= 0.5 then coalesce(claimed.accounts, 1) else 1 end, 6
        ) as link_probability
    from shared
    left join claimed
        on shared.register = claimed.register and shared.facility_id = claimed.facility_id
    where shared.preference = 1

)

select * from final
order by account_id
