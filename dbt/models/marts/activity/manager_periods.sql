with

rep_months as (

    select * from {{ ref('int_rep_months') }}
    where not is_overlay

),

teams as (

    select * from {{ ref('int_manager_teams') }}

),

users as (

    select * from {{ ref('stg_salesforce__users') }}

),

results as (

    select * from {{ ref('int_rep_month_results') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

team_territories as (

    select * from {{ ref('int_team_territories') }}

),

territory_months as (

    select * from {{ ref('int_territory_months') }}

),

kept_calls as (

    select
        npi,
        rep_id,
        {{ month_start('called_on') }} as month
    from {{ ref('int_calls') }}
    where is_kept and npi is not null

),

verdicts as (

    select * from {{ source('ml', 'territories_manager_verdicts') }}

),

members as (

    select
        teams.manager_id,
        rep_months.rep_id,
        rep_months.month,
        rep_months.is_in_seat
    from teams
    inner join rep_months
        on teams.member_id = rep_months.rep_id

),

seated as (

    select
        manager_id,
        month,
        count_if(is_in_seat) as reps_in_seat
    from members
    group by manager_id, month

),

summed as (

    select
        members.manager_id,
        members.month,
        {{ summed_activity('results') }}
    from members
    left join results
        on members.rep_id = results.rep_id and members.month = results.month
    group by members.manager_id, members.month

),

called as (

    select
        members.manager_id,
        members.month,
        count(distinct kept_calls.npi) as providers_called
    from members
    inner join kept_calls
        on members.rep_id = kept_calls.rep_id and members.month = kept_calls.month
    group by members.manager_id, members.month

),

market as (

    select
        team_territories.manager_id,
        team_territories.month,
        count(*) as territories,
        count_if(territory_months.reps_in_seat = 0) as vacant_territories,
        sum(cast(territory_months.market_volume as decimal(18, 6))) as market_volume,
        sum(cast(territory_months.opportunity_usd as decimal(18, 3))) as opportunity_usd,
        bool_and(territory_months.is_market_complete) as is_market_complete
    from team_territories
    inner join territory_months
        on
            team_territories.territory_id = territory_months.territory_id
            and team_territories.month = territory_months.month
    group by team_territories.manager_id, team_territories.month

),

counted as (

    select
        summed.*,
        seated.reps_in_seat,
        coalesce(called.providers_called, 0) as providers_called,
        seated.reps_in_seat * cast(settings.rep_annual_cost_usd as double) / 12 as rep_cost_usd
    from summed
    cross join settings
    inner join seated
        on summed.manager_id = seated.manager_id and summed.month = seated.month
    left join called
        on summed.manager_id = called.manager_id and summed.month = called.month

),

final as (

    select
        counted.manager_id,
        counted.month,
        users.name,
        cast(counted.reps_in_seat as bigint) as reps_in_seat,
        cast(coalesce(market.territories, 0) as bigint) as territories,
        cast(coalesce(market.vacant_territories, 0) as bigint) as vacant_territories,
        {{ published_activity('counted') }},
        cast(market.market_volume as double) as market_volume,
        case
            when market.is_market_complete
                then cast(counted.focus_quantity as double) / nullif(cast(market.market_volume as double), 0)
        end as own_share,
        cast(market.opportunity_usd as double) as opportunity_usd,
        counted.rep_cost_usd,
        cast(counted.orders_usd as double) / nullif(counted.rep_cost_usd, 0) as roi,
        {{ verdict_of_the_night('verdicts', 'counted.month') }}
    from counted
    left join market
        on counted.manager_id = market.manager_id and counted.month = market.month
    left join users
        on counted.manager_id = users.user_id
    left join verdicts
        on counted.manager_id = verdicts.manager_id

)

select * from final
order by manager_id, month
