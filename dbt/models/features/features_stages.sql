with

final as (

    select
        stage,
        min(stage_order) as stage_order,
        bool_or(is_closed) as is_closed,
        bool_or(is_won) as is_won,
        cast(max(stated_probability) as double) as stated_probability
    from {{ ref('int_stages_mapped') }}
    group by stage

)

select * from final
order by stage_order, stage
