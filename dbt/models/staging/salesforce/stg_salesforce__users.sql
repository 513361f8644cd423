with

source as (

    select * from {{ source('salesforce', 'user') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as user_id,
        managerid as manager_id,
        nullif(trim(name), '') as name,
        lower(nullif(trim(email), '')) as email,
        coalesce(isactive, true) as is_active,
        start_date__c as started_on
    from newest

)

select * from renamed
