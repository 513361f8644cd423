with

forecasts as (

    select * from {{ source('ml', 'forecasting_opportunity_forecasts') }}

),

opportunities as (

    select * from {{ ref('int_opportunities_rebuilt') }}

),

final as (

    select
        forecasts.opportunity_id,
        opportunities.territory_id,
        opportunities.rep_id,
        cast(opportunities.stated_probability as double) as stated_probability,
        forecasts.win_probability,
        forecasts.close_this_quarter_probability,
        forecasts.expected_close_on,
        forecasts.win_probability * cast(opportunities.amount_usd as double) as expected_amount_usd,
        cast(forecasts.reasons as json) as reasons
    from forecasts
    inner join opportunities
        on forecasts.opportunity_id = opportunities.opportunity_id

)

select * from final
order by opportunity_id
