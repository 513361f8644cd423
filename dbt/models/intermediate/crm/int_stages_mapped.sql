with

stages as (

    select * from {{ ref('stg_company__pipeline_stages') }}

),

final as (

    select
        lower(trim(coalesce(crm_stage_name, stage))) as crm_stage_key,
        stage,
        stage_order,
        is_closed,
        is_won,
        stated_probability
    from stages
    qualify row_number() over (partition by lower(trim(coalesce(crm_stage_name, stage))) order by stage_order, stage) = 1

)

select * from final
order by stage_order, stage, crm_stage_key
