with

forecasts as (

    select * from {{ source('ml', 'forecasting_opportunity_forecasts') }}

),

opportunities as (

    select * from {{ ref('int_opportunities_rebuilt') }}

),

calibration as (

    select *
    from {{ source('ml', 'forecasting_calibration') }}
    where segment = 'all'

),

-- An overlay's deal is in no forecast of money; its own outlook is that of its stage.
overlay_deals as (

    select
        opportunities.opportunity_id,
        calibration.calibrated_probability as win_probability,
        cast(null as double) as close_this_quarter_probability,
        cast(null as date) as expected_close_on,
        '[]' as reasons
    from opportunities
    inner join calibration
        on opportunities.stage = calibration.stage
    where opportunities.is_overlay and not opportunities.is_closed

),

outlooks as (

    select
        opportunity_id,
        win_probability,
        close_this_quarter_probability,
        expected_close_on,
        reasons
    from forecasts
    union all
    select * from overlay_deals

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
        cast(forecasts.reasons as {{ json_type() }}) as reasons
    from outlooks as forecasts
    inner join opportunities
        on forecasts.opportunity_id = opportunities.opportunity_id

)

select * from final
order by opportunity_id
