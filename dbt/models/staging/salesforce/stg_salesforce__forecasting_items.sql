with

source as (

    select * from {{ source('salesforce', 'forecasting_item') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null', first=['submitted_on__c']) }}

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
