with

plan as (

    select listed.*
    from {{ source('ml', 'allocation_plan') }} as listed
    anti join {{ ref('int_providers_withheld') }} as withheld
        on listed.npi = withheld.npi
    where listed.change <> 'dropped'

),

-- A row breaks a rule where its provider is flagged; what a list as a whole does is for compliance to judge.
breaches as (

    select
        subject_id as npi,
        min(rule) as rule
    from {{ source('ml', 'compliance_findings') }}
    where is_flagged and subject_type = 'provider'
    group by subject_id

),

final as (

    select
        plan.npi,
        plan.territory_id,
        plan.rep_id,
        plan.tier,
        -- Without holes, whoever a gate took out after the plan was made.
        cast(row_number() over (partition by plan.territory_id order by plan.rank asc nulls last, plan.npi asc) as bigint) as rank,
        plan.calls_per_quarter,
        plan.change,
        plan.reason as change_reason,
        plan.why,
        plan.assignment,
        plan.feedback,
        breaches.npi is null as is_compliant,
        breaches.rule as compliance_rule,
        plan.adoption_probability,
        plan.open_revenue_usd,
        plan.kept_share,
        plan.drive_minutes
    from plan
    left join breaches
        on plan.npi = breaches.npi

)

select * from final
order by territory_id, rank
