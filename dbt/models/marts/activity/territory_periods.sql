with

months as (

    select * from {{ ref('int_territory_months') }}

),

results as (

    select * from {{ ref('int_rep_month_results') }}

),

calls as (

    select
        territory_id,
        {{ month_start('called_on') }} as month,
        count(distinct npi) as providers_called
    from {{ ref('int_calls') }}
    where is_kept
    group by territory_id, {{ month_start('called_on') }}

),

verdicts as (

    select * from {{ source('ml', 'territories_verdicts') }}

),

summed as (

    select
        months.territory_id,
        months.month,
        {{ summed_activity('results') }}
    from months
    left join results
        on months.territory_id = results.territory_id and months.month = results.month
    group by months.territory_id, months.month

),

counted as (

    select
        summed.*,
        coalesce(calls.providers_called, 0) as providers_called
    from summed
    left join calls
        on summed.territory_id = calls.territory_id and summed.month = calls.month

),

final as (

    select
        months.territory_id,
        months.month,
        months.is_overlay,
        months.is_over,
        months.rep_id,
        cast(months.reps_in_seat as bigint) as reps_in_seat,
        cast(months.months_in_seat as bigint) as months_in_seat,
        {{ published_activity('counted') }},
        months.market_volume,
        months.is_market_complete,
        case when months.is_market_complete then cast(counted.focus_quantity as double) / nullif(months.market_volume, 0) end
            as own_share,
        months.opportunity_usd,
        months.rep_cost_usd,
        cast(counted.orders_usd as double) / nullif(months.rep_cost_usd, 0) as roi,
        {{ verdict_of_the_night('verdicts', 'months.month') }}
    from months
    inner join counted
        on months.territory_id = counted.territory_id and months.month = counted.month
    left join verdicts
        on months.territory_id = verdicts.territory_id

)

select * from final
order by territory_id, month
