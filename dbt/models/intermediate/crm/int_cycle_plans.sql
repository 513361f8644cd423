with

targets as (

    select * from {{ ref('stg_veeva__cycle_plan_targets') }}
    where
        owner_id is not null
        and cycle_plan_id is not null
        and (cast(created_at as date) <= {{ as_of() }} or created_at is null)

),

plans as (

    select
        owner_id,
        cycle_plan_id,
        max(created_at) as newest_at
    from targets
    group by owner_id, cycle_plan_id

),

-- Ids grow with time, where two plans were filled at the same moment.
ranked as (

    select
        *,
        row_number() over (partition by owner_id order by newest_at desc nulls last, cycle_plan_id desc) as preference
    from plans

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
