with

accounts as (

    select * from {{ ref('int_crm_accounts_united') }}

),

checked as (

    select * from {{ ref('int_account_numbers_checked') }}
    where is_registered and cause is null

),

candidates as (

    select * from {{ ref('int_account_candidates') }}
    where agreement = 'name_and_zip' and rivals = 1

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

-- A believed number comes first, a CCN before an NPI; whose name and ZIP only one facility has, is that one.
told as (

    select
        account_id,
        facility_id,
        case number_type when 'ccn' then 1 else 2 end as place
    from checked

    union all

    select
        account_id,
        facility_id,
        3 as place
    from candidates

),

ranked as (

    select
        account_id,
        facility_id,
        row_number() over (partition by account_id order by place asc, facility_id asc) as preference
    from told

),

sure as (

    select
        ranked.account_id,
        ranked.facility_id,
        accounts.register,
        accounts.parent_account_id
    from ranked
    inner join accounts
        on ranked.account_id = accounts.account_id
    cross join settings
    where
        ranked.preference = 1
        and ({{ local_date('accounts.created_at', 'settings.timezone') }} <= {{ as_of() }} or accounts.created_at is null)

),

-- A department is no second record of its hospital.
final as (

    select
        sure.account_id,
        sure.facility_id,
        sure.register
    from sure
    anti join sure as above
        on sure.parent_account_id = above.account_id and sure.facility_id = above.facility_id

)

select * from final
order by account_id
