with

source as (

    select * from {{ source('veeva', 'product') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as product_id,
        parent_product as parent_product_id,
        nullif(trim(name), '') as name,
        nullif(trim(product_type), '') as type,
        coalesce(company_product, false) as is_own
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
