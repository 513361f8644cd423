with

changes as (

    select *
    from {{ ref('int_opportunity_changes') }}
    where known_on <= {{ as_of() }} and stage is not null

),

-- A change of amount or date within a stage is no new stay; of several changes in one moment the last one stands.
ranked_moments as (

    select
        *,
        row_number() over (partition by opportunity_id, changed_at order by history_id desc) as preference
    from changes

),

moments as (

    select *
    from ranked_moments
    where preference = 1

),

followed as (

    select
        *,
        lag(stage) over (partition by opportunity_id order by changed_at) as stage_before
    from moments

),

entries as (

    select *
    from followed
    where stage_before is distinct from stage

),

final as (

    select
        opportunity_id,
        row_number() over (partition by opportunity_id order by changed_at) as sequence,
        stage,
        stage_order,
        is_closed,
        is_won,
        changed_at as entered_at,
        lead(changed_at) over (partition by opportunity_id order by changed_at) as left_at,
        coalesce(
            stage_order < lag(stage_order) over (partition by opportunity_id order by changed_at) and not is_closed, false
        ) as has_moved_back,
        amount_usd,
        stated_probability,
        close_on
    from entries

)

select * from final
order by opportunity_id, sequence
