with

placed as (

    select * from {{ ref('int_owner_work_placed') }}

),

counted as (

    select
        rep_id,
        territory_id,
        sum(pieces_of_work) as pieces_of_work,
        max(last_known_on) as last_known_on
    from placed
    group by rep_id, territory_id

),

ranked as (

    select
        rep_id,
        territory_id,
        max(last_known_on) over (partition by rep_id) as last_known_on,
        row_number() over (partition by rep_id order by pieces_of_work desc, territory_id asc) as preference
    from counted

),

-- Where most of the work lies, there the rep serves; who has done nothing for a year has left the seat.
final as (

    select
        rep_id,
        territory_id,
        coalesce(last_known_on > {{ as_of() }} - interval 12 month, false) as is_in_seat
    from ranked
    where preference = 1

)

select * from final
order by rep_id
