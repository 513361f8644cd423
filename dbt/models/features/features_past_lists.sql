with

lists as (

    select * from {{ ref('stg_history__target_list') }}

),

changes as (

    select * from {{ ref('stg_history__target_list_changes') }}

),

-- A night whose list was empty is a night with a list.
nights as (

    select listed_on from lists
    union
    select changed_on as listed_on from changes

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
        max(
            coalesce(nullif(lists.calls_per_quarter, 0), case lists.tier when 'A' then 6 when 'B' then 3 else 1 end)
        ) as calls_per_quarter
    from newest
    inner join lists
        on newest.listed_on = lists.listed_on
    group by lists.npi, newest.snapshot_on

)

select * from final
order by snapshot_on, npi
