with

source as (

    select * from {{ source('salesforce', 'campaign') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as campaign_id,
        coalesce(nullif(trim(name), ''), id) as name,
        nullif(trim(type), '') as type,
        nullif(trim(procedure_family__c), '') as procedure_family,
        startdate as starts_on,
        enddate as ends_on
    from newest

)

select * from renamed
