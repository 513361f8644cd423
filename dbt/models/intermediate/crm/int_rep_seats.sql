with

serving as (

    select * from {{ ref('int_rep_territories') }}

),

associations as (

    select * from {{ ref('int_rep_associations') }}

),

placed as (

    select * from {{ ref('int_owner_work_placed') }}

),

-- Whoever works here still and once served other primary territories: their ended associations say where, but not when.
movers as (

    select
        serving.rep_id,
        serving.territory_id as present_territory_id
    from serving
    where
        serving.is_active and not serving.is_overlay
        and exists (
            select 1 from associations
            where
                associations.rep_id = serving.rep_id
                and associations.territory_id <> serving.territory_id
                and not associations.is_active and not associations.is_overlay and not associations.is_manager
        )

),

work as (

    select
        movers.rep_id,
        associations.territory_id,
        associations.territory_id = movers.present_territory_id as is_present,
        placed.worked_month as month,
        placed.pieces_done as pieces_of_work
    from movers
    inner join associations
        on
            movers.rep_id = associations.rep_id
            and not associations.is_overlay
            and (not associations.is_active or movers.present_territory_id = associations.territory_id)
    inner join placed
        on movers.rep_id = placed.rep_id and associations.territory_id = placed.territory_id
    where placed.pieces_done > 0

),

-- In a month the rep served where most of its work lies, in the running one without work where the CRM says.
ranked as (

    select
        rep_id,
        territory_id,
        month,
        row_number() over (
            partition by rep_id, month order by pieces_of_work desc, is_present desc, territory_id asc
        ) as preference
    from work

),

served as (

    select
        rep_id,
        territory_id,
        month
    from ranked
    where preference = 1

    union all

    select
        rep_id,
        present_territory_id as territory_id,
        {{ month_start(as_of()) }} as month
    from movers
    where not exists (
        select 1 from work
        where work.rep_id = movers.rep_id and work.month = {{ month_start(as_of()) }}
    )

),

neighbours as (

    select
        rep_id,
        territory_id,
        month,
        lag(territory_id) over (partition by rep_id order by month) as territory_before
    from served

),

moves as (

    select
        rep_id,
        territory_id,
        case when territory_before is null then {{ since_ever() }} else month end as valid_from
    from neighbours
    where territory_before is null or territory_before <> territory_id

),

dated as (

    select
        rep_id,
        territory_id,
        valid_from,
        lead(valid_from) over (partition by rep_id order by valid_from) as replaced_on
    from moves

),

final as (

    select
        serving.rep_id,
        coalesce(dated.territory_id, serving.territory_id) as territory_id,
        serving.is_overlay,
        coalesce(dated.valid_from, {{ since_ever() }}) as valid_from,
        coalesce(dated.replaced_on - 1, {{ for_ever() }}) as valid_to
    from serving
    left join dated
        on serving.rep_id = dated.rep_id

)

select * from final
order by rep_id, valid_from
