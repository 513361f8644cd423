with

quarantine as (

    select * from {{ ref('stg_border__quarantine') }}

),

final as (

    select
        source_name as source,
        rule_name as rule,
        file_path as file,
        row_count as rows,
        cast(sample as {{ json_type() }}) as sample
    from quarantine

)

select * from final
order by source, rule, file
