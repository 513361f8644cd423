with

calls as (

    select * from {{ ref('int_calls') }}
    where is_kept and npi is not null

),

touches as (

    select * from {{ ref('int_campaign_touches') }}
    where npi is not null

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

called as (

    select
        calls.npi,
        snapshots.snapshot_on,
        count(*) filter (where calls.called_on > snapshots.snapshot_on - interval 3 months) as calls_3m,
        count(*) filter (where calls.called_on > snapshots.snapshot_on - interval 12 months) as calls_12m,
        count(*) as calls_ever,
        count(*) filter (
            where calls.kind = 'trial' and calls.called_on > snapshots.snapshot_on - interval 12 months
        ) as trials_12m
    from calls
    inner join snapshots
        on greatest(calls.called_on, calls.known_on) <= snapshots.snapshot_on
    group by calls.npi, snapshots.snapshot_on

),

touched as (

    select
        touches.npi,
        snapshots.snapshot_on,
        count(*) as marketing_touches_12m,
        count(*) filter (where touches.response_known_on <= snapshots.snapshot_on) as marketing_responses_12m
    from touches
    inner join snapshots
        on
            touches.touched_on <= snapshots.snapshot_on
            and touches.touched_on > snapshots.snapshot_on - interval 12 months
    group by touches.npi, snapshots.snapshot_on

),

final as (

    select
        coalesce(called.npi, touched.npi) as npi,
        coalesce(called.snapshot_on, touched.snapshot_on) as snapshot_on,
        coalesce(called.calls_3m, 0) as calls_3m,
        coalesce(called.calls_12m, 0) as calls_12m,
        coalesce(called.calls_ever, 0) as calls_ever,
        coalesce(called.trials_12m, 0) as trials_12m,
        coalesce(touched.marketing_touches_12m, 0) as marketing_touches_12m,
        coalesce(touched.marketing_responses_12m, 0) as marketing_responses_12m
    from called
    full outer join touched
        on called.npi = touched.npi and called.snapshot_on = touched.snapshot_on

)

select * from final
