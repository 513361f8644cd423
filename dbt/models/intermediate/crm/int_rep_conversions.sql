with

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept and npi is not null

),

trials as (

    select * from calls
    where kind = 'trial'

),

first_orders as (

    select * from {{ ref('int_first_orders') }}

),

-- A rep's first kept call on a provider in the whole history, if it lies in the 24 months that end 60 days before as_of.
first_calls as (

    select
        rep_id,
        npi,
        min(called_on) as first_called_on
    from calls
    group by rep_id, npi
    having
        min(called_on) <= {{ as_of() }} - 60
        and min(called_on) > ({{ as_of() }} - 60) - interval 24 month

),

tried as (

    select
        first_calls.rep_id,
        first_calls.npi,
        count(trials.call_id) > 0 as has_trial
    from first_calls
    left join trials
        on
            first_calls.npi = trials.npi
            and trials.called_on between first_calls.first_called_on and first_calls.first_called_on + 60
    group by first_calls.rep_id, first_calls.npi

),

trial_conversions as (

    select
        rep_id,
        avg(cast(has_trial as integer)) as trial_conversion_60d
    from tried
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
