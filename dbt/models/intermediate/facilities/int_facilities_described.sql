with

registered as (

    select * from {{ ref('int_facilities_registered') }}

),

accounts as (

    select *
    from {{ ref('int_accounts_linked') }}
    where facility_id is not null

),

systems as (

    select * from {{ ref('int_account_systems') }}

),

-- Of several accounts of one facility the lowest Id stands for it; whatever it leaves open, the next one tells.
ranked as (

    select
        accounts.*,
        systems.system_id,
        systems.system_name,
        row_number() over (partition by accounts.facility_id order by accounts.account_id) as place,
        row_number() over (
            partition by accounts.facility_id
            order by case when systems.system_id is null then 1 else 0 end, accounts.account_id
        ) as system_place,
        row_number() over (
            partition by accounts.facility_id
            order by case when accounts.gpo is null then 1 else 0 end, accounts.account_id
        ) as gpo_place
    from accounts
    left join systems
        on accounts.account_id = systems.account_id

),

known as (

    select
        facility_id,
        max(case when place = 1 then account_id end) as account_id,
        max(case when place = 1 then name end) as name,
        max(case when place = 1 then city end) as city,
        max(case when place = 1 then state end) as state,
        max(case when place = 1 then zip5 end) as zip5,
        max(case when gpo_place = 1 then gpo end) as gpo,
        max(case when system_place = 1 then system_id end) as system_id,
        max(case when system_place = 1 then system_name end) as system_name
    from ranked
    group by facility_id

),

-- Registry first; the CRM adds the facilities that only it knows.
final as (

    select
        coalesce(registered.facility_id, known.facility_id) as facility_id,
        coalesce(registered.name, known.name) as name,
        coalesce(registered.city, known.city) as city,
        coalesce(registered.state, known.state) as state,
        coalesce(registered.zip5, known.zip5) as zip5,
        known.gpo,
        known.system_id,
        known.system_name,
        known.account_id
    from registered
    full outer join known
        on registered.facility_id = known.facility_id

)

select * from final
order by facility_id
