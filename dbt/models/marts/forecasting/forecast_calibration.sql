with

calibration as (

    select * from {{ source('ml', 'forecasting_calibration') }}

),

final as (

    select
        stage,
        segment,
        n,
        stated_probability,
        observed_close_rate,
        calibrated_probability,
        lower,
        upper
    from calibration

)

select * from final
order by stage, segment
