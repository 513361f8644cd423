with

source as (

    select * from {{ source('veeva', 'cycle_plan_target') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null', first=['createddate']) }}

),

renamed as (

    select
        id as cycle_plan_target_id,
        cycle_plan as cycle_plan_id,
        target as account_id,
        ownerid as owner_id,
        planned_interactions,
        actual_interactions,
        createddate as created_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
