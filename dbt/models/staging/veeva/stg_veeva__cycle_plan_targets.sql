with

source as (

    select * from {{ source('veeva', 'cycle_plan_target') }}

),

newest as (

    select *
    from source
    where id is not null
    qualify {{ newest_copy('id', ['createddate']) }}

),

renamed as (

    select
        id as cycle_plan_target_id,
        cycle_plan as cycle_plan_id,
        target as account_id,
        ownerid as owner_id,
        planned_interactions,
        actual_interactions
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
