with

plan as (

    select * from {{ source('ml', 'allocation_plan') }}
    where change <> 'dropped'

),

-- A row breaks a rule where its provider does, or the list of its territory as a whole.
breaches as (

    select
        subject_type,
        subject_id,
        min(rule) as rule
    from {{ source('ml', 'compliance_findings') }}
    where is_flagged and subject_type in ('provider', 'list')
    group by subject_type, subject_id

),

final as (

    select
        plan.npi,
        plan.territory_id,
        plan.rep_id,
        plan.tier,
        plan.rank,
        plan.calls_per_quarter,
        plan.change,
        plan.reason as change_reason,
        plan.why,
        plan.assignment,
        plan.feedback,
        of_provider.subject_id is null and of_list.subject_id is null as is_compliant,
        coalesce(of_provider.rule, of_list.rule) as compliance_rule,
        plan.adoption_probability,
        plan.open_revenue_usd,
        plan.kept_share,
        plan.drive_minutes
    from plan
    left join breaches as of_provider
        on of_provider.subject_type = 'provider' and plan.npi = of_provider.subject_id
    left join breaches as of_list
        on of_list.subject_type = 'list' and plan.territory_id = of_list.subject_id

)

select * from final
order by territory_id, rank
