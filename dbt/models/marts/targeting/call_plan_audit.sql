with

findings as (

    select * from {{ source('ml', 'compliance_findings') }}

),

final as (

    select
        rule,
        subject_type,
        subject_id,
        severity,
        cast(evidence as {{ json_type() }}) as evidence,
        cast(observed as double) as observed,
        cast(expected as double) as expected,
        cast(q_value as double) as q_value
    from findings
    where is_flagged

)

select * from final
order by rule, subject_type, subject_id
