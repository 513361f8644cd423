with

months as (

    select * from {{ ref('int_activity_months') }}

),

reps as (

    select * from {{ ref('int_reps_known') }}

),

seats as (

    select * from {{ ref('int_rep_seats') }}

),

associations as (

    select * from {{ ref('int_rep_associations') }}

),

-- Managers who look over a territory do not sit in it.
holders as (

    select distinct rep_id
    from associations
    where not is_manager

),

work as (

    select
        rep_id,
        called_on as worked_on,
        true as is_call
    from {{ ref('int_calls') }}
    where is_kept

    union all

    select
        rep_id,
        ordered_on as worked_on,
        false as is_call
    from {{ ref('int_orders_activated') }}

    union all

    select
        rep_id,
        created_on as worked_on,
        false as is_call
    from {{ ref('int_opportunities_rebuilt') }}

),

spans as (

    select
        rep_id,
        -- Deals pass to a successor and orders go on in the name of a rep who has left; calls do neither.
        min(worked_on) filter (where is_call) as first_called_on,
        min(worked_on) as first_worked_on,
        coalesce(max(worked_on) filter (where is_call), max(worked_on)) as last_worked_on
    from work
    group by rep_id

),

-- In seat from the first day in the job, or the first call where that is earlier; a former rep to the last call.
tenures as (

    select
        reps.rep_id,
        reps.manager_id,
        holders.rep_id is not null as has_seat,
        coalesce(least(reps.started_on, spans.first_called_on), spans.first_worked_on, {{ as_of() }}) as seated_from,
        case when reps.is_active then {{ as_of() }} else spans.last_worked_on end as seated_to
    from reps
    left join spans
        on reps.rep_id = spans.rep_id
    left join holders
        on reps.rep_id = holders.rep_id

),

-- Spells begin on the first of a month, so a month has one.
placed as (

    select
        tenures.rep_id,
        months.month,
        tenures.manager_id,
        seats.territory_id,
        coalesce(seats.is_overlay, false) as is_overlay,
        seats.valid_from,
        tenures.seated_from,
        coalesce(
            tenures.has_seat and tenures.seated_from <= least(months.last_day, {{ as_of() }})
            and tenures.seated_to >= months.month,
            false
        ) as is_in_seat
    from tenures
    cross join months
    left join seats
        on tenures.rep_id = seats.rep_id and months.month between seats.valid_from and seats.valid_to

),

final as (

    select
        rep_id,
        month,
        manager_id,
        territory_id,
        is_overlay,
        is_in_seat,
        case
            when is_in_seat
                then {{ months_between('greatest(seated_from, valid_from)', 'month') }} + 1
        end as months_in_seat
    from placed

)

select * from final
order by rep_id, month
