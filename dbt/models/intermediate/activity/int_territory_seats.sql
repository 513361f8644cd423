with

territories as (

    select * from {{ ref('int_territories_known') }}

),

months as (

    select * from {{ ref('int_activity_months') }}

),

sitting as (

    select
        *,
        row_number() over (partition by territory_id, month order by months_in_seat desc, rep_id asc) as preference,
        count(*) over (partition by territory_id, month) as reps_in_seat
    from {{ ref('int_rep_months') }}
    where is_in_seat

),

-- A rep associated with several primary territories sits in each, but works and is counted for one.
elsewhere as (

    select distinct associations.territory_id
    from {{ ref('int_rep_associations') }} as associations
    inner join {{ ref('int_rep_territories') }} as serving
        on associations.rep_id = serving.rep_id
    where
        associations.is_in_seat and not associations.is_manager and not associations.is_overlay
        and serving.territory_id <> associations.territory_id

),

seats as (

    select
        territories.territory_id,
        months.month,
        months.is_over,
        territories.is_overlay,
        coalesce(sitting.reps_in_seat, 0) as reps_in_seat,
        sitting.rep_id,
        sitting.months_in_seat,
        coalesce(sitting.reps_in_seat, 0) = 0 and elsewhere.territory_id is not null as is_served_from_elsewhere
    from territories
    cross join months
    left join sitting
        on
            territories.territory_id = sitting.territory_id
            and months.month = sitting.month
            and sitting.preference = 1
    left join elsewhere
        on territories.territory_id = elsewhere.territory_id

),

-- For a vacant month answers who sat there last, before the first rep the first one.
spells as (

    select
        *,
        count(rep_id) over (partition by territory_id order by month) as seated_so_far,
        min(case when rep_id is not null then month end) over (partition by territory_id) as first_seated
    from seats

),

final as (

    select
        territory_id,
        month,
        is_over,
        is_overlay,
        reps_in_seat,
        rep_id,
        months_in_seat,
        is_served_from_elsewhere,
        coalesce(month < first_seated, true) as is_before_first_rep,
        coalesce(
            max(rep_id) over (partition by territory_id, seated_so_far),
            max(case when month = first_seated then rep_id end) over (partition by territory_id)
        ) as answering_rep_id
    from spells

)

select * from final
order by territory_id, month
