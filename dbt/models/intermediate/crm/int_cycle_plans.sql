with

targets as (

    select * from {{ ref('stg_veeva__cycle_plan_targets') }}
    where
        owner_id is not null
        and cycle_plan_id is not null
        and (cast(created_at as date) <= {{ as_of() }} or created_at is null)

),

filled as (

    select
        owner_id,
        cycle_plan_id,
        max(created_at) as newest_at
    from targets
    group by owner_id, cycle_plan_id

),

plans as (

    select * from {{ ref('stg_veeva__cycle_plans') }}

),

cycles as (

    select * from {{ ref('stg_veeva__cycles') }}

),

dated as (

    select
        filled.owner_id,
        filled.cycle_plan_id,
        filled.newest_at,
        case
            when cycles.ends_on < {{ as_of() }} then 'ended'
            when cycles.begins_on > {{ as_of() }} then 'to come'
            when cycles.begins_on is null or cycles.ends_on is null then 'undated'
            else 'in force'
        end as standing
    from filled
    left join plans
        on filled.cycle_plan_id = plans.cycle_plan_id
    left join cycles
        on plans.cycle_id = cycles.cycle_id

),

-- The cycle's days say which plan is in force; where they do not, the one filled last. Ids grow with time, where two were filled
-- at the same moment.
ranked as (

    select
        *,
        row_number() over (
            partition by owner_id
            order by
                {{ place_among('standing', ['in force', 'undated', 'to come', 'ended']) }} asc,
                newest_at desc nulls last,
                cycle_plan_id desc
        ) as preference
    from dated

),

final as (

    select
        owner_id as rep_id,
        cycle_plan_id
    from ranked
    where preference = 1

)

select * from final
order by rep_id
