with

teams as (

    select * from {{ ref('int_team_territories') }}
    where is_over

),

final as (

    select
        manager_id,
        territory_id,
        month
    from teams

)

select * from final
order by manager_id, territory_id, month
