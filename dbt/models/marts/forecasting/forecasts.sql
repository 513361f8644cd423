with

forecasts as (

    select * from {{ source('ml', 'forecasting_forecasts') }}

),

overlays as (

    select territory_id
    from {{ ref('int_territories_known') }}
    where is_overlay

),

-- An overlay territory has no forecast row.
final as (

    select
        level,
        subject_id,
        quarter_start,
        closed_usd,
        p10,
        p50,
        p90,
        expected_usd,
        commit_usd,
        quota_usd,
        quota_probability,
        units_p50,
        order_run_rate_p10,
        order_run_rate_p50,
        order_run_rate_p90
    from forecasts
    where level != 'territory' or subject_id not in (select overlays.territory_id from overlays)

)

select * from final
order by level, subject_id, quarter_start
