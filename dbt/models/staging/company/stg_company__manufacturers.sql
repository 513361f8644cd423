with

source as (

    select * from {{ source('company', 'manufacturers') }}

),

renamed as (

    select
        manufacturer,
        open_payments_name,
        {{ normal_name('open_payments_name') }} as name_key,
        lower(trim(relation)) as relation
    from source

)

select * from renamed
