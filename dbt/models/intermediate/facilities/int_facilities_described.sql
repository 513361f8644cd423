with

registered as (

    select * from {{ ref('int_facilities_registered') }}

),

ranked_accounts as (

    select
        *,
        row_number() over (partition by facility_id order by account_id) as preference
    from {{ ref('int_accounts_linked') }}
    where facility_id is not null

),

accounts as (

    select *
    from ranked_accounts
    where preference = 1

),

-- Registry first; the CRM adds the facilities that only it knows.
final as (

    select
        coalesce(registered.facility_id, accounts.facility_id) as facility_id,
        coalesce(registered.name, accounts.name) as name,
        coalesce(registered.city, accounts.city) as city,
        coalesce(registered.state, accounts.state) as state,
        coalesce(registered.zip5, accounts.zip5) as zip5,
        accounts.gpo,
        accounts.account_id
    from registered
    full outer join accounts
        on registered.facility_id = accounts.facility_id

)

select * from final
order by facility_id
