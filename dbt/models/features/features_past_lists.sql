with

lists as (

    select * from {{ ref('stg_history__target_list') }}

),

changes as (

    select * from {{ ref('stg_history__target_list_changes') }}

),

nights as (

    {{ nights_with_a_list('lists', 'changes') }}

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

planned as (

    select * from {{ ref('int_planned_targets') }}

),

newest as (

    select
        snapshots.snapshot_on,
        max(nights.listed_on) as listed_on
    from snapshots
    inner join nights
        on snapshots.snapshot_on >= nights.listed_on
    group by snapshots.snapshot_on

),

published as (

    select
        lists.npi,
        newest.snapshot_on,
        'list' as basis,
        -- A holdout is asked for no call and is a target all the same.
        max(cast({{ calls_asked('nullif(lists.calls_per_quarter, 0)', 'lists.tier') }} as double)) as calls_per_quarter
    from newest
    inner join lists
        on newest.listed_on = lists.listed_on
    group by lists.npi, newest.snapshot_on

),

-- Once a night has published a list, it is what the field works from, and it goes into the plans itself.
in_force as (

    select
        planned.npi,
        snapshots.snapshot_on,
        'cycle_plan' as basis,
        max(planned.calls_per_quarter) as calls_per_quarter
    from snapshots
    anti join newest
        on snapshots.snapshot_on = newest.snapshot_on
    inner join planned
        on snapshots.snapshot_on between planned.listed_from and planned.listed_until
    group by planned.npi, snapshots.snapshot_on

),

final as (

    select * from published
    union all
    select * from in_force

)

select * from final
order by snapshot_on, npi
