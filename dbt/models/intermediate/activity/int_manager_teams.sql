with

users as (

    select
        user_id,
        manager_id
    from {{ ref('stg_salesforce__users') }}
    where manager_id is not null and manager_id <> user_id

),

-- Up the ladder, rung by rung: a company has fewer than eight, and users who report to each other in a ring end there too.
rungs as (

    select
        user_id as member_id,
        manager_id,
        1 as rungs_between
    from users

    {% for rung in range(2, 9) -%}
        union all

        select
            users.user_id as member_id,
            above_{{ rung }}.manager_id,
            {{ rung }} as rungs_between
        from users
        {% for step in range(2, rung + 1) -%}
            inner join users as above_{{ step }}
                on {{ 'users' if step == 2 else 'above_' ~ (step - 1) }}.manager_id = above_{{ step }}.user_id
        {% endfor %}
    {% endfor %}

),

final as (

    select
        manager_id,
        member_id,
        min(rungs_between) as rungs_between
    from rungs
    where manager_id <> member_id
    group by manager_id, member_id

)

select * from final
order by manager_id, member_id
