with

stays as (

    select * from {{ ref('int_opportunity_stays') }}

),

opportunities as (

    select * from {{ ref('int_opportunities_rebuilt') }}

),

-- The day ends where the company is.
tonight as (

    select {{ moment_in('cast(' ~ as_of() ~ ' + 1 as timestamp)', 'timezone') }} as ends_at
    from {{ ref('stg_company__settings') }}

),

final as (

    select
        stays.opportunity_id,
        stays.entered_at,
        stays.stage,
        stays.stage_order,
        -- An open stay lasts until the end of as_of; a closed deal stays nowhere any longer.
        case
            when stays.left_at is not null
                then {{ seconds_between('stays.entered_at', 'stays.left_at') }} / 86400
            when not stays.is_closed and not opportunities.is_closed
                then {{ seconds_between('stays.entered_at', 'tonight.ends_at') }} / 86400
        end as days_in_stage,
        stays.has_moved_back as moved_back
    from stays
    cross join tonight
    inner join opportunities
        on stays.opportunity_id = opportunities.opportunity_id

)

select
    opportunity_id,
    entered_at,
    stage,
    stage_order,
    cast(case when days_in_stage < 0 then 0 else days_in_stage end as double) as days_in_stage,
    moved_back
from final
order by opportunity_id, entered_at
