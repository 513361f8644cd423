with

source as (

    select * from {{ source('salesforce', 'territory2') }}

),

newest as (

    select *
    from source
    where id is not null
    qualify {{ newest_copy('id') }}

),

renamed as (

    select
        id as territory2_id,
        parentterritory2id as parent_territory2_id,
        nullif(trim(developername), '') as developer_name,
        coalesce(nullif(trim(name), ''), nullif(trim(developername), '')) as name
    from newest

)

select * from renamed
