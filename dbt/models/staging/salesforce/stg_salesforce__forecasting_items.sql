with

source as (

    select * from {{ source('salesforce', 'forecasting_item') }}

),

newest as (

    select *
    from source
    where id is not null
    qualify {{ newest_copy('id', ['submitted_on__c']) }}

),

renamed as (

    select
        id as forecasting_item_id,
        ownerid as owner_id,
        nullif(trim(forecastcategoryname), '') as category,
        period_start__c as period_start,
        submitted_on__c as submitted_on,
        forecastamount as amount_usd
    from newest

)

select * from renamed
