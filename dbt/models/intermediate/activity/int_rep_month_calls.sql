with

calls as (

    select
        *,
        {{ month_start('called_on') }} as month
    from {{ ref('int_calls') }}
    where called_on <= {{ as_of() }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

-- Kept calls by how long before they were recorded, on whom, of what kind; planned ones whether kept or not. Sums of 128 bits take DuckDB
-- many times as long to read as numbers of 64, so none is kept here.
final as (

    select
        calls.rep_id,
        calls.territory_id,
        calls.month,
        count(*) filter (where calls.is_kept) as calls,
        count(*) filter (where calls.is_planned) as planned_calls,
        count(*) filter (where calls.is_kept and calls.is_planned) as planned_kept_calls,
        count(*) filter (where calls.is_kept and calls.is_planned) as calls_in_time,
        count(*) filter (where calls.is_kept and not calls.is_planned and calls.planned_days_ahead > 0) as calls_short_notice,
        count(*) filter (where calls.is_kept and not calls.is_planned and calls.planned_days_ahead = 0) as calls_same_day,
        count(*) filter (where calls.is_kept and not calls.is_planned and calls.planned_days_ahead < 0) as calls_recorded_later,
        count(*) filter (where calls.is_kept and contacts.role = 'user') as user_calls,
        count(*) filter (where calls.is_kept and contacts.role = 'buyer') as buyer_calls,
        count(*) filter (where calls.is_kept and contacts.role = 'administrator') as administrator_calls,
        count(*) filter (where calls.is_kept and coalesce(contacts.role, 'unknown') = 'unknown') as unknown_role_calls,
        count(*) filter (where calls.is_kept and calls.kind = 'call') as plain_calls,
        count(*) filter (where calls.is_kept and calls.kind = 'remote') as remote_calls,
        count(*) filter (where calls.is_kept and calls.kind = 'meeting') as meetings,
        count(*) filter (where calls.is_kept and calls.kind = 'demo') as demos,
        count(*) filter (where calls.is_kept and calls.kind = 'case_attendance') as case_attendances,
        count(*) filter (where calls.is_kept and calls.kind = 'trial') as trials,
        cast(coalesce(sum(calls.duration_minutes) filter (where calls.is_kept), 0) as bigint) as call_minutes,
        count(*) filter (where calls.is_kept and calls.duration_minutes is not null) as calls_with_minutes
    from calls
    left join contacts
        on calls.contact_id = contacts.contact_id
    group by calls.rep_id, calls.territory_id, calls.month

)

select * from final
order by rep_id, territory_id, month
