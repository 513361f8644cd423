with

source as (

    select * from {{ source('veeva', 'cycle_plan') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as cycle_plan_id,
        cycle as cycle_id
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
