with

plan as (

    select * from {{ source('ml', 'allocation_plan') }}
    where reason is not null

),

-- Earlier ranks and calls of who has opted out since are no rep's business.
opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

final as (

    select
        plan.npi,
        plan.territory_id,
        plan.rep_id,
        case when plan.change = 'kept' then 'moved' else plan.change end as change,
        plan.reason,
        plan.tier_before,
        plan.tier,
        plan.calls_before,
        plan.calls_per_quarter
    from plan
    anti join opted_out
        on plan.npi = opted_out.npi

)

select * from final
order by territory_id, npi
