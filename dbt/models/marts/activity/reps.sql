with

reps as (

    select * from {{ ref('int_reps_known') }}

),

calls as (

    select *
    from {{ ref('int_calls') }}
    where called_on > {{ as_of() }} - interval 12 month and called_on <= {{ as_of() }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

conversions as (

    select * from {{ ref('int_rep_conversions') }}

),

activity as (

    select
        calls.rep_id,
        count_if(calls.is_kept) as calls_12m,
        count_if(calls.is_planned) as planned_calls,
        count_if(calls.is_planned and calls.is_kept) as planned_kept_calls,
        count_if(calls.is_kept and contacts.role = 'user') as user_calls,
        count_if(calls.is_kept and contacts.role = 'buyer') as buyer_calls,
        count_if(calls.is_kept and contacts.role = 'administrator') as administrator_calls
    from calls
    left join contacts
        on calls.contact_id = contacts.contact_id
    group by calls.rep_id

),

final as (

    select
        reps.rep_id,
        reps.name,
        reps.manager_id,
        reps.territory_id,
        reps.started_on,
        cast(coalesce(activity.calls_12m, 0) as bigint) as calls_12m,
        activity.user_calls / nullif(activity.calls_12m, 0) as users_share,
        activity.buyer_calls / nullif(activity.calls_12m, 0) as buyers_share,
        activity.administrator_calls / nullif(activity.calls_12m, 0) as administrators_share,
        activity.planned_kept_calls / nullif(activity.planned_calls, 0) as plan_adherence,
        (activity.calls_12m - activity.planned_kept_calls) / nullif(activity.calls_12m, 0) as unplanned_share,
        conversions.trial_conversion_60d,
        conversions.order_conversion_60d
    from reps
    left join activity
        on reps.rep_id = activity.rep_id
    left join conversions
        on reps.rep_id = conversions.rep_id

)

select * from final
order by rep_id
