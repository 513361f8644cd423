with

associations as (

    select * from {{ ref('stg_salesforce__territory_associations') }}

),

territories as (

    select * from {{ ref('int_territories_known') }}

),

users as (

    select * from {{ ref('stg_salesforce__users') }}

),

owners as (

    select * from {{ ref('int_owner_territories') }}

),

stated as (

    select
        associations.user_id as rep_id,
        territories.territory_id,
        territories.is_overlay,
        associations.is_active and coalesce(users.is_active, true) as is_in_seat,
        coalesce(associations.role ilike '%manager%' or associations.role ilike '%admin%', false) as is_manager,
        associations.is_active,
        users.started_on
    from associations
    inner join territories
        on associations.territory2_id = territories.territory2_id
    left join users
        on associations.user_id = users.user_id

),

-- A CRM without any association of users and territories tells by its reps' work whom they serve.
final as (

    select * from stated

    union all

    select
        owners.rep_id,
        owners.territory_id,
        false as is_overlay,
        owners.is_in_seat and coalesce(users.is_active, true) as is_in_seat,
        false as is_manager,
        owners.is_in_seat as is_active,
        users.started_on
    from owners
    left join users
        on owners.rep_id = users.user_id
    where not exists (select 1 from stated)

)

select * from final
order by rep_id, territory_id
