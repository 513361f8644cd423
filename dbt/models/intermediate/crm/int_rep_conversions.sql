with

first_calls as (

    select * from {{ ref('int_first_calls') }}

),

trials as (

    select *
    from {{ ref('int_calls') }}
    where is_kept and npi is not null and kind = 'trial'

),

first_orders as (

    select * from {{ ref('int_first_orders') }}

),

-- First calls in the 24 months that end 60 days before as_of.
trial_conversions as (

    select
        rep_id,
        avg(cast(has_trial_60d as integer)) as trial_conversion_60d
    from first_calls
    where is_trial_window_over and first_called_on > ({{ as_of() }} - 60) - interval 24 month
    group by rep_id

),

-- Trials with providers who were no customers yet.
order_conversions as (

    select
        trials.rep_id,
        avg(cast(coalesce(first_orders.first_order_on <= trials.called_on + 60, false) as integer)) as order_conversion_60d
    from trials
    left join first_orders
        on trials.npi = first_orders.npi
    where
        trials.called_on <= {{ as_of() }} - 60
        and (first_orders.first_order_on is null or first_orders.first_order_on >= trials.called_on)
    group by trials.rep_id

),

final as (

    select
        coalesce(trial_conversions.rep_id, order_conversions.rep_id) as rep_id,
        trial_conversions.trial_conversion_60d,
        order_conversions.order_conversion_60d
    from trial_conversions
    full outer join order_conversions
        on trial_conversions.rep_id = order_conversions.rep_id

)

select * from final
order by rep_id
