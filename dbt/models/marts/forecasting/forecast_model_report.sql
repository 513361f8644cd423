with

report as (

    select * from {{ source('ml', 'forecasting_report') }}

),

final as (

    select
        model_version,
        metric,
        split,
        value,
        lower,
        upper
    from report

)

select * from final
order by model_version, metric, split
