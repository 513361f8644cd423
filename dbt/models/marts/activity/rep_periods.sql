with

months as (

    select * from {{ ref('int_rep_months') }}

),

reps as (

    select * from {{ ref('int_reps_known') }}

),

territories as (

    select * from {{ ref('int_territory_months') }}

),

results as (

    select * from {{ ref('int_rep_month_results') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

calls as (

    select
        rep_id,
        {{ month_start('called_on') }} as month,
        count(distinct npi) as providers_called
    from {{ ref('int_calls') }}
    where is_kept
    group by rep_id, {{ month_start('called_on') }}

),

verdicts as (

    select * from {{ source('ml', 'territories_verdicts') }}

),

-- Months in which the rep sat or something stands in the rep's name.
summed as (

    select
        months.rep_id,
        months.month,
        {{ summed_activity('results') }}
    from months
    left join results
        on months.rep_id = results.rep_id and months.month = results.month
    where months.is_in_seat or results.rep_id is not null
    group by months.rep_id, months.month

),

counted as (

    select
        summed.*,
        coalesce(calls.providers_called, 0) as providers_called
    from summed
    left join calls
        on summed.rep_id = calls.rep_id and summed.month = calls.month

),

joined as (

    select
        months.*,
        reps.name,
        territories.is_over,
        territories.market_volume,
        territories.opportunity_usd,
        territories.is_market_complete,
        case when months.is_in_seat then cast(settings.rep_annual_cost_usd as double) / 12 else 0 end as rep_cost_usd,
        months.is_in_seat and territories.reps_in_seat = 1 as is_alone
    from months
    cross join settings
    left join reps
        on months.rep_id = reps.rep_id
    left join territories
        on months.territory_id = territories.territory_id and months.month = territories.month

),

-- The market is the rep's where the rep alone sits in it.
final as (

    select
        joined.rep_id,
        joined.month,
        joined.name,
        joined.manager_id,
        joined.territory_id,
        joined.is_overlay,
        joined.is_in_seat,
        cast(joined.months_in_seat as bigint) as months_in_seat,
        {{ published_activity('counted') }},
        case when joined.is_alone then joined.market_volume end as market_volume,
        case
            when joined.is_alone and joined.is_market_complete
                then cast(counted.focus_quantity as double) / nullif(joined.market_volume, 0)
        end as own_share,
        case when joined.is_alone then joined.opportunity_usd end as opportunity_usd,
        joined.rep_cost_usd,
        cast(counted.orders_usd as double) / nullif(joined.rep_cost_usd, 0) as roi,
        {{ verdict_of_the_night('verdicts', 'joined.month') }}
    from joined
    inner join counted
        on joined.rep_id = counted.rep_id and joined.month = counted.month
    -- A territory is judged only where one rep held it for the whole year, so the verdict is that rep's.
    left join verdicts
        on joined.territory_id = verdicts.territory_id and joined.rep_id = verdicts.rep_id and joined.is_in_seat

)

select * from final
order by rep_id, month
