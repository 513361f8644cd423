with

source as (

    select * from {{ source('veeva', 'product') }}

),

newest as (

    select *
    from source
    where id is not null
    qualify {{ newest_copy('id') }}

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
