with

source as (

    select * from {{ source('salesforce', 'event') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null', first=['createddate']) }}

),

renamed as (

    select
        id as event_id,
        whoid as who_id,
        whatid as what_id,
        ownerid as owner_id,
        lower(nullif(trim(type), '')) as type,
        lower(nullif(trim(status), '')) as status,
        nullif(trim(subject), '') as subject,
        startdatetime as started_at,
        enddatetime as ended_at,
        createddate as created_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
