with

source as (

    select * from {{ source('salesforce', 'campaign') }}

),

newest as (

    select *
    from source
    where id is not null
    qualify {{ newest_copy('id') }}

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
