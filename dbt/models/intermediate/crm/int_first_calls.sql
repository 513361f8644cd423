with

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept and npi is not null

),

ranked as (

    select
        rep_id,
        npi,
        territory_id,
        called_on,
        row_number() over (partition by rep_id, npi order by called_on asc, call_id asc) as preference
    from calls

),

-- A rep's first kept call on a provider in the whole history; whoever held the trial, it counts.
first_calls as (

    select
        ranked.rep_id,
        ranked.npi,
        ranked.territory_id,
        ranked.called_on as first_called_on,
        count(trials.call_id) > 0 as has_trial_60d
    from ranked
    left join calls as trials
        on
            ranked.npi = trials.npi
            and trials.kind = 'trial'
            and trials.called_on between ranked.called_on and ranked.called_on + 60
    where ranked.preference = 1
    group by ranked.rep_id, ranked.npi, ranked.territory_id, ranked.called_on

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
