with

changes as (

    select * from {{ ref('int_opportunity_changes') }}
    where known_on <= {{ as_of() }}

),

opportunities as (

    select * from {{ ref('int_opportunities_rebuilt') }}

),

stages as (

    select distinct
        stage,
        stage_order,
        is_closed,
        is_won
    from {{ ref('int_stages_mapped') }}

),

-- A deal without any history does not tell what it passed through.
entered as (

    select distinct
        changes.opportunity_id,
        changes.stage
    from changes

    union

    select
        opportunities.opportunity_id,
        opportunities.stage
    from opportunities
    inner join changes
        on opportunities.opportunity_id = changes.opportunity_id

),

-- Losing is no step: the way leads through the open stages to a win.
steps as (

    select
        entered.opportunity_id,
        stages.stage,
        stages.stage_order
    from entered
    inner join stages
        on entered.stage = stages.stage
    where not stages.is_closed or stages.is_won

),

furthest as (

    select
        opportunity_id,
        max(stage_order) as stage_order,
        count(distinct stage) as entered
    from steps
    group by opportunity_id

),

skipped as (

    select
        furthest.opportunity_id,
        count(stages.stage) as skipped_stages
    from furthest
    inner join stages
        on furthest.stage_order > stages.stage_order and not stages.is_closed
    left join steps
        on furthest.opportunity_id = steps.opportunity_id and stages.stage = steps.stage
    where steps.stage is null
    group by furthest.opportunity_id

),

final as (

    select
        furthest.opportunity_id,
        furthest.entered as entered_stages,
        coalesce(skipped.skipped_stages, 0) as skipped_stages,
        furthest.entered / (furthest.entered + coalesce(skipped.skipped_stages, 0)) as step_conformance
    from furthest
    left join skipped
        on furthest.opportunity_id = skipped.opportunity_id

)

select * from final
order by opportunity_id
