with

users as (

    select * from {{ ref('stg_salesforce__users') }}

),

ranked_by_email as (

    select
        email as owner_key,
        user_id,
        row_number() over (partition by email order by is_active desc, user_id asc) as preference
    from users
    where email is not null

),

by_email as (

    select *
    from ranked_by_email
    where preference = 1

),

by_name as (

    select
        lower(name) as owner_key,
        min(user_id) as user_id
    from users
    where name is not null
    group by lower(name)
    having count(*) = 1

),

final as (

    select
        owner_key,
        user_id
    from by_email

    union all

    select
        by_name.owner_key,
        by_name.user_id
    from by_name
    anti join by_email
        on by_name.owner_key = by_email.owner_key

)

select * from final
order by owner_key
