with

seats as (

    select * from {{ ref('int_territory_seats') }}
    where not is_overlay

),

teams as (

    select * from {{ ref('int_manager_teams') }}

),

final as (

    select
        teams.manager_id,
        seats.territory_id,
        seats.month,
        seats.is_over
    from seats
    inner join teams
        on seats.answering_rep_id = teams.member_id

)

select * from final
order by manager_id, territory_id, month
