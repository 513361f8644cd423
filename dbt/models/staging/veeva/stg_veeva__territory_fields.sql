with

source as (

    select * from {{ source('veeva', 'territory_fields') }}

),

newest as (

    {{ newest_versions('source', key='id', modified='lastmodifieddate') }}

),

renamed as (

    select
        id as territory_fields_id,
        account as account_id,
        nullif(trim(territory), '') as territory_name,
        coalesce(my_target, false) as is_rep_target
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed
