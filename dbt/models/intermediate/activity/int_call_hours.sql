with

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept and called_on > {{ as_of() }} - interval 12 month

),

travel as (

    select * from {{ ref('stg_company__travel') }}

),

providers as (

    select * from {{ ref('int_providers_registered') }}

),

contacts as (

    select * from {{ ref('int_crm_contacts_united') }}

),

accounts as (

    select * from {{ ref('int_crm_accounts_united') }}

),

recorded as (

    select cast(sum(duration_minutes) as double) / nullif(count(duration_minutes), 0) as usual_minutes
    from calls

),

planned as (

    select cast(sum(minutes_per_call) as double) / nullif(count(minutes_per_call), 0) as usual_minutes
    from travel

),

-- A call without a recorded length counts as the average one; where none is recorded, as long as the company plans for.
final as (

    select
        calls.call_id,
        calls.rep_id,
        calls.territory_id,
        calls.kind,
        calls.called_at,
        calls.called_on,
        coalesce(calls.npi, calls.contact_id, calls.account_id) as subject_id,
        coalesce(providers.zip5, contacts.zip5, accounts.zip5) as zip5,
        cast(
            coalesce(cast(calls.duration_minutes as double), recorded.usual_minutes, planned.usual_minutes)
            as decimal(18, 6)
        ) as minutes
    from calls
    cross join recorded
    cross join planned
    left join providers
        on calls.npi = providers.npi
    left join contacts
        on calls.contact_id = contacts.contact_id
    left join accounts
        on calls.account_id = accounts.account_id

)

select * from final
order by call_id
