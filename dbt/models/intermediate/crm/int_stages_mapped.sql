with

stages as (

    select * from {{ ref('stg_company__pipeline_stages') }}

),

ranked as (

    select
        lower(trim(coalesce(crm_stage_name, stage))) as crm_stage_key,
        stage,
        stage_order,
        is_closed,
        is_won,
        stated_probability,
        row_number() over (partition by lower(trim(coalesce(crm_stage_name, stage))) order by stage_order, stage) as preference
    from stages

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final
order by stage_order, stage, crm_stage_key
