with

accounts as (

    select
        *,
        -- Of two facilities that an account may be, another of its name may be the other one.
        case when coalesce(cause, '') not like '%several_candidates' then {{ facility_name_key('name') }} || '|' || zip5 end as place_key
    from {{ ref('int_accounts_linked') }}

),

namesakes as (

    select
        register,
        place_key,
        max(facility_id) as facility_id,
        count(distinct facility_id) as facilities
    from accounts
    where place_key is not null
    group by register, place_key

),

-- Whom no facility was found for is what the others of its name and ZIP are, if they are one thing.
keyed as (

    select
        accounts.account_id,
        accounts.register,
        accounts.parent_account_id,
        accounts.known_on,
        coalesce(accounts.facility_id, case when namesakes.facilities = 1 then namesakes.facility_id end) as facility_id,
        coalesce(
            accounts.facility_id,
            case when namesakes.facilities = 1 then namesakes.facility_id when namesakes.facilities = 0 then accounts.place_key end
        ) as record_key,
        case when accounts.facility_id is not null then 'facility' else 'place' end as trait
    from accounts
    left join namesakes
        on accounts.register = namesakes.register and accounts.place_key = namesakes.place_key

),

-- The oldest record in its register is the original; a department below it is no repetition.
ranked as (

    select
        *,
        first_value(account_id) over records as original_id,
        first_value(parent_account_id) over records as original_parent_id,
        first_value(trait) over records as original_trait
    from keyed
    where record_key is not null
    window records as (partition by record_key, register order by known_on asc nulls last, account_id asc)

),

final as (

    select
        account_id,
        original_id,
        facility_id,
        case when 'place' in (trait, original_trait) then 'place' else 'facility' end as trait
    from ranked
    where
        account_id <> original_id
        and parent_account_id is distinct from original_id
        and original_parent_id is distinct from account_id

)

select * from final
order by account_id
