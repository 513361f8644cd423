with

source as (

    select * from {{ source('salesforce', 'task') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null', first=['createddate']) }}

),

renamed as (

    select
        id as task_id,
        whoid as who_id,
        whatid as what_id,
        ownerid as owner_id,
        lower(nullif(trim(type), '')) as type,
        lower(nullif(trim(status), '')) as status,
        nullif(trim(subject), '') as subject,
        activitydate as activity_on,
        createddate as created_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
