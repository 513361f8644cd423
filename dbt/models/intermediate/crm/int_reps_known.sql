with

users as (

    select * from {{ ref('stg_salesforce__users') }}

),

associations as (

    select * from {{ ref('int_rep_associations') }}

),

serving as (

    select * from {{ ref('int_rep_territories') }}

),

-- Whoever holds a territory, calls, deals or orders is a rep; a manager without any of them is a manager only.
owners as (

    select rep_id from associations
    where not is_manager
    union
    select rep_id from {{ ref('int_calls') }}
    union
    select rep_id from {{ ref('int_opportunities_rebuilt') }}
    union
    select rep_id from {{ ref('int_orders_activated') }}

),

final as (

    select
        owners.rep_id,
        coalesce(users.name, owners.rep_id) as name,
        users.manager_id,
        serving.territory_id,
        users.started_on,
        coalesce(users.is_active, serving.is_active, false) as is_active
    from owners
    left join users
        on owners.rep_id = users.user_id
    left join serving
        on owners.rep_id = serving.rep_id
    where owners.rep_id is not null

)

select * from final
order by rep_id
