with

source as (

    select * from {{ source('salesforce', 'order_item') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as order_item_id,
        orderid as order_id,
        nullif(trim(procedure_family__c), '') as procedure_family,
        quantity,
        unitprice as unit_price_usd
    from newest

)

select * from renamed
