with

associations as (

    select * from {{ ref('int_rep_associations') }}

),

-- The CRM dates no association, so one territory serves a rep on every day: the association in force before an ended one,
-- which serves former users, the primary territory before an overlay, a seat before a manager's view.
ranked as (

    select
        rep_id,
        territory_id,
        is_overlay,
        is_in_seat as is_active,
        row_number() over (
            partition by rep_id
            order by is_in_seat desc, is_manager asc, is_overlay asc, territory_id asc
        ) as preference
    from associations

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final
order by rep_id
