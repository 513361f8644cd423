-- A manager's month is that of the reps below, directly or through other managers, overlays apart.
{{ config(meta={'dagster': {'ref': {'name': 'manager_periods'}}}) }}

with

teams as (

    select
        members.manager_id,
        reps.month,
        sum(reps.calls) as calls,
        sum(reps.deals_won) as deals_won,
        sum(reps.skipped_stages) as skipped_stages,
        sum(cast(reps.orders_usd as decimal(18, 2))) as orders_usd,
        sum(cast(reps.rep_cost_usd as decimal(18, 2))) as rep_cost_usd
    from {{ ref('int_manager_teams') }} as members
    inner join {{ ref('rep_periods') }} as reps
        on members.member_id = reps.rep_id
    where not reps.is_overlay
    group by members.manager_id, reps.month

),

managers as (

    select * from {{ ref('manager_periods') }}

),

final as (

    select
        managers.manager_id,
        managers.month
    from managers
    full outer join teams
        on managers.manager_id = teams.manager_id and managers.month = teams.month
    where
        managers.manager_id is null
        or managers.calls <> coalesce(teams.calls, 0)
        or managers.deals_won <> coalesce(teams.deals_won, 0)
        or managers.skipped_stages <> coalesce(teams.skipped_stages, 0)
        or abs(managers.orders_usd - coalesce(teams.orders_usd, 0)) > 0.005
        or abs(managers.rep_cost_usd - coalesce(teams.rep_cost_usd, 0)) > 0.05

)

select * from final
