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

newest as (

    select
        snapshots.snapshot_on,
        max(nights.listed_on) as listed_on
    from snapshots
    inner join nights
        on snapshots.snapshot_on >= nights.listed_on
    group by snapshots.snapshot_on

),

final as (

    select
        lists.npi,
        newest.snapshot_on,
        -- A holdout is asked for no call and is a target all the same.
        max({{ calls_asked('nullif(lists.calls_per_quarter, 0)', 'lists.tier') }}) as calls_per_quarter
    from newest
    inner join lists
        on newest.listed_on = lists.listed_on
    group by lists.npi, newest.snapshot_on

)

select * from final
order by snapshot_on, npi
