with

source as (

    select * from {{ source('salesforce', 'order_item') }}

),

newest as (

    select *
    from source
    where id is not null
    qualify row_number() over (
        partition by id
        order by
            _released_on desc nulls last,
            _release desc nulls last,
            _file desc,
            _row desc
    ) = 1

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
