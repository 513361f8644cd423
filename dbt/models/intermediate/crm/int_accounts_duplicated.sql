with

accounts as (

    select * from {{ ref('int_accounts_linked') }}
    where facility_id is not null

),

-- The oldest record of a facility in its register is the original; a department below it is no repetition.
ranked as (

    select
        *,
        first_value(account_id) over facility_records as original_id,
        first_value(parent_account_id) over facility_records as original_parent_id
    from accounts
    window facility_records as (partition by facility_id, register order by known_on asc nulls last, account_id asc)

),

final as (

    select
        account_id,
        original_id,
        facility_id
    from ranked
    where
        account_id <> original_id
        and parent_account_id is distinct from original_id
        and original_parent_id is distinct from account_id

)

select * from final
order by account_id
