with

plan as (

    select * from {{ source('ml', 'allocation_plan') }}
    where change <> 'dropped'

),

final as (

    select
        npi,
        territory_id,
        rep_id,
        tier,
        rank,
        calls_per_quarter,
        change,
        reason as change_reason,
        why,
        assignment,
        feedback,
        true as is_compliant,
        cast(null as string) as compliance_rule,
        adoption_probability,
        open_revenue_usd,
        kept_share,
        drive_minutes
    from plan

)

select * from final
order by territory_id, rank
