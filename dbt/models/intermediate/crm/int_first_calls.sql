with

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept and npi is not null

),

-- All calls of a rep on a day are of the territory that the rep served on it.
earliest as (

    select
        rep_id,
        npi,
        min(called_on) as called_on,
        nullif(min_by(coalesce(territory_id, ''), called_on), '') as territory_id
    from calls
    group by rep_id, npi

),

-- A rep's first kept call on a provider in the whole history; whoever held the trial, it counts.
first_calls as (

    select
        earliest.rep_id,
        earliest.npi,
        earliest.territory_id,
        earliest.called_on as first_called_on,
        count(trials.call_id) > 0 as has_trial_60d
    from earliest
    left join calls as trials
        on
            earliest.npi = trials.npi
            and trials.kind = 'trial'
            and trials.called_on between earliest.called_on and earliest.called_on + 60
    group by earliest.rep_id, earliest.npi, earliest.territory_id, earliest.called_on

),

final as (

    select
        rep_id,
        npi,
        territory_id,
        first_called_on,
        has_trial_60d,
        first_called_on + 60 <= {{ as_of() }} as is_trial_window_over
    from first_calls

)

select * from final
order by rep_id, npi
