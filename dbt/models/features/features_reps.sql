with

reps as (

    select * from {{ ref('int_reps_known') }}

),

territories as (

    select * from {{ ref('int_territories_known') }}

),

final as (

    select
        reps.rep_id,
        reps.territory_id,
        territories.region,
        reps.manager_id,
        reps.is_active
    from reps
    left join territories
        on reps.territory_id = territories.territory_id
    where not coalesce(territories.is_overlay, false)

)

select * from final
order by rep_id
