with

accounts as (

    select * from {{ ref('int_crm_accounts_united') }}

),

facilities as (

    select * from {{ ref('int_facilities_registered') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

visible as (

    select
        accounts.*,
        {{ local_date('accounts.created_at', 'settings.timezone') }} as known_on,
        {{ normal_name('accounts.name') }} as name_key
    from accounts
    cross join settings

),

named as (

    select
        facility_id,
        zip5,
        {{ normal_name('name') }} as name_key
    from facilities

),

-- A hospital of that name in that ZIP serves where the CRM gives no number, if there is only one.
by_name as (

    select
        visible.account_id,
        min(named.facility_id) as facility_id
    from visible
    inner join named
        on visible.name_key = named.name_key and visible.zip5 = named.zip5
    group by visible.account_id
    having count(*) = 1

),

final as (

    select
        visible.account_id,
        visible.register,
        coalesce(
            case when length(visible.ccn) < 6 then lpad(visible.ccn, 6, '0') else visible.ccn end,
            visible.npi,
            by_name.facility_id
        ) as facility_id,
        visible.name,
        visible.type,
        visible.parent_account_id,
        visible.gpo,
        visible.city,
        visible.state,
        visible.zip5,
        visible.known_on
    from visible
    left join by_name
        on visible.account_id = by_name.account_id
    where visible.known_on <= {{ as_of() }} or visible.known_on is null

)

select * from final
order by account_id
